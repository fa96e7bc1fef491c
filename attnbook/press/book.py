"""The whole book: read it, check it, execute its chapters, stage it for the generator."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from packaging.version import Version

from . import cells, gallery, glossary, maths, pages, parity
from .cells import Chapter
from .errors import PressError, PressErrors
from .execute import Execution, Progress, execute
from .figures import Catalogue, describe
from .folders import mirror
from .glossary import Term
from .layout import Layout
from .notebook import Edition, compose
from .pages import Page
from .values import Value, Values
from .weave import weave
from .words import LANGUAGES


@dataclass
class Book:
    """Everything the press knows of a book."""

    layout: Layout
    pages: dict[str, dict[str, Page]]
    chapters: dict[str, Chapter]
    terms: list[Term]
    catalogue: Catalogue
    executions: dict[str, Execution] = field(default_factory=dict)

    @property
    def figures(self) -> int:
        return sum(
            result.figure is not None
            for execution in self.executions.values()
            for result in execution.results.values()
        )


def version() -> str:
    """The version of the book and its library, which are one."""
    return metadata.version("attnbook")


def wheel_name() -> str:
    """The file name of the wheel that the site carries."""
    return f"attnbook-{version()}-py3-none-any.whl"


def site_url() -> str:
    """The address the site will have, from ``SITE_URL``; empty for a local copy."""
    return os.environ.get("SITE_URL", "").rstrip("/")


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
    errors += parity.terms(terms, first, layout.glossary)
    if errors:
        raise PressErrors(errors)
    return Book(layout, found, chapters, terms, Catalogue.load(layout.messages))


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
    for language in LANGUAGES:
        for page in book.pages[language].values():
            if page.chapter:
                errors += parity.captions(page, set(drawn[page.chapter]))
    if errors:
        raise PressErrors(errors)


def values(book: Book) -> Values:
    """All the names that pages may use."""
    known: dict[str, Value] = {"version": version()}
    for package in ("torch", "matplotlib", "mkdocs", "mkdocs-material", "mkdocs-jupyter"):
        known[package.replace("-", "_")] = Version(metadata.version(package)).public
    for execution in book.executions.values():
        known["python"] = execution.versions["python"]
    known["chapters"] = len(book.executions)
    known["figures"] = book.figures
    known["cells"] = sum(len(execution.results) for execution in book.executions.values())
    return Values(book.executions, known)


def stage(book: Book, language: str) -> None:
    """Write what the generator sees of ``language``: pages, figures and notebooks."""
    files: dict[str, bytes | Path] = {}
    shown: list[gallery.Exhibit] = []
    known = values(book)
    edition = Edition(version(), wheel_name(), site_url())
    for page in book.pages[language].values():
        execution = book.executions[page.chapter] if page.chapter else None
        files[f"{page.name}.md"] = weave(page, execution, known, book.terms).encode()
        if execution is None:
            continue
        shown += (found := gallery.exhibits(page, execution, known))
        for exhibit in found:
            files |= _figure(exhibit, book.catalogue, known)
        notebook = compose(page, execution, known, edition)
        files[f"notebooks/{page.name}.ipynb"] = notebook.encode()
    files[gallery.ADDRESS] = gallery.overview(shown, language).encode()
    katex = book.layout.build / "katex"
    maths.assets(katex)
    for path in katex.rglob("*"):
        if path.is_file():
            files[f"assets/katex/{path.relative_to(katex).as_posix()}"] = path
    mirror(book.layout.stage(language), files)


def _figure(
    exhibit: gallery.Exhibit, catalogue: Catalogue, known: Values
) -> dict[str, bytes | Path]:
    """The page of a figure and all its files."""
    slug, language = exhibit.slug, exhibit.page.language
    stem = exhibit.execution.folder / "figures" / f"{slug}.{language}"
    files: dict[str, bytes | Path] = {
        f"figures/{slug}.{kind}": stem.with_name(f"{stem.name}.{kind}") for kind in ("pdf", "png")
    }
    svg = stem.with_name(f"{stem.name}.svg").read_text(encoding="utf-8")
    described = describe(svg, gallery.plain(exhibit.caption), exhibit.alt)
    files[f"figures/{slug}.svg"] = described.encode()
    if exhibit.plotted.panels:
        files[f"figures/{slug}.csv"] = gallery.data_file(exhibit, catalogue)
    landing = gallery.landing(exhibit, catalogue, known, site_url())
    files[f"figures/{slug}/index.md"] = landing.encode()
    return files
