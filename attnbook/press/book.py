"""The whole book: read it, check it, execute its chapters."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata

from packaging.version import Version

from . import cells, gallery, glossary, ledger, pages, parity, punctuation, references
from .cells import Chapter
from .errors import PressError, PressErrors
from .execute import Execution, Progress, execute
from .figures import Catalogue
from .glossary import Term
from .imprint import Imprint
from .layout import Layout
from .ledger import Ledger
from .pages import Page
from .values import Value, Values
from .words import LANGUAGES


@dataclass
class Book:
    """Everything the press knows of a book."""

    layout: Layout
    pages: dict[str, dict[str, Page]]
    chapters: dict[str, Chapter]
    terms: list[Term]
    catalogue: Catalogue
    imprint: Imprint
    ledger: Ledger
    executions: dict[str, Execution] = field(default_factory=dict)

    @property
    def figures(self) -> int:
        return sum(
            result.figure is not None
            for execution in self.executions.values()
            for result in execution.results.values()
        )

    def values(self) -> Values:
        """All the names that pages may use."""
        known: dict[str, Value] = {"version": self.imprint.version}
        for package in ("torch", "matplotlib", "mkdocs", "mkdocs-material", "mkdocs-jupyter"):
            known[package.replace("-", "_")] = Version(metadata.version(package)).public
        known["python"] = platform.python_version()
        known["chapters"] = len(self.executions)
        known["figures"] = self.figures
        known["cells"] = sum(len(execution.results) for execution in self.executions.values())
        return Values(self.executions, known)


def read(layout: Layout) -> Book:
    """Read prose, chapters, terms and messages, and check all that needs no execution.

    Raises
    ------
    PressErrors
        With every mistake found.
    """
    errors: list[PressError] = []
    found: dict[str, dict[str, Page]] = {}
    for language in LANGUAGES:
        found[language] = {}
        for path in sorted(layout.prose(language).glob("*.md")):
            try:
                found[language][path.stem] = pages.read(path, language)
            except PressErrors as several:
                errors += several.errors
            except PressError as error:
                errors.append(error)
        if not layout.prose(language).is_dir():
            errors.append(
                PressError(
                    "there is no folder of pages in this language",
                    path=layout.prose(language),
                    mend="a book has docs/zh and docs/en",
                )
            )
    if errors:
        raise PressErrors(errors)
    chapters: dict[str, Chapter] = {}
    for language in LANGUAGES:
        for page in found[language].values():
            if page.chapter and page.chapter not in chapters:
                try:
                    path = layout.chapters / f"{page.chapter}.py"
                    chapters[page.chapter] = cells.parse(path)
                except PressError as error:
                    errors.append(error)
    if errors:
        raise PressErrors(errors)
    terms = glossary.read(layout.glossary)
    imprint = Imprint.read(layout)
    first, second = (found[language] for language in LANGUAGES)
    errors += parity.languages(first, second)
    extra = {
        page.name: glossary.ids(terms)
        for language in LANGUAGES
        for page in found[language].values()
        if page.glossary
    }
    for language in LANGUAGES:
        errors += parity.chapters(found[language], chapters)
        errors += parity.links(found[language], extra, {gallery.ADDRESS})
        errors += references.check(found[language], terms)
        for page in found[language].values():
            errors += punctuation.check(page)
    errors += punctuation.table(layout.glossary, punctuation.GLOSSARY)
    errors += parity.terms(terms, first, layout.glossary)
    if errors:
        raise PressErrors(errors)
    for language in LANGUAGES:
        references.resolve(found[language])
    catalogue, promised = Catalogue.load(layout.messages), ledger.read(layout.ledger)
    errors = punctuation.table(layout.messages, punctuation.MESSAGES)
    if errors:
        raise PressErrors(errors)
    return Book(layout, found, chapters, terms, catalogue, imprint, promised)


def run(book: Book, progress: Callable[[Progress], None], timeout: float = 120) -> None:
    """Execute every chapter that the cache does not hold, and check pages against the results."""
    for name, chapter in book.chapters.items():
        book.executions[name] = execute(
            chapter,
            cache=book.layout.cache,
            catalogue=book.catalogue,
            timeout=timeout,
            progress=progress,
        )
    drawn = {
        name: [result.label for result in execution.results.values() if result.figure]
        for name, execution in book.executions.items()
    }
    errors = parity.slugs(book.chapters, drawn)
    slugs = [label for labels in drawn.values() for label in labels]
    anchors = {
        name: page.anchors | (glossary.ids(book.terms) if page.glossary else set())
        for name, page in book.pages[next(iter(LANGUAGES))].items()
    }
    errors += ledger.check(book.ledger, slugs, anchors)
    for language in LANGUAGES:
        for page in book.pages[language].values():
            if page.chapter:
                errors += parity.captions(page, set(drawn[page.chapter]))
    if errors:
        raise PressErrors(errors)
