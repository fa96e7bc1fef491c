"""Read a whole book, and check all that needs no execution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..base import addresses
from ..base.book_paths import Layout
from ..base.errors import PressError, PressErrors, short_path
from ..base.imprint import Imprint
from ..docstrings import read_package
from ..docstrings.library import EMPTY, Library
from ..source import chapter_script, figure_ledger, glossary_table, page_reader
from ..source.chapter_script import Chapter
from ..source.figure_ledger import Ledger
from ..source.figure_messages import Catalogue
from ..source.glossary_table import Term
from ..source.page_reader import Page
from ..words.load import WORDS
from . import book_frame, cross_references, language_parity, punctuation


@dataclass
class BookSource:
    """A book as its authors wrote it: pages by language and name, chapters by name, tables."""

    layout: Layout
    pages: dict[str, dict[str, Page]]
    chapters: dict[str, Chapter]
    terms: list[Term]
    catalogue: Catalogue
    imprint: Imprint
    ledger: Ledger
    library: Library


def read(layout: Layout) -> BookSource:
    """Read prose, chapters, terms and messages, and check all that needs no execution.

    Raises
    ------
    PressErrors
        With every mistake found.
    """
    errors: list[PressError] = []
    pages: dict[str, dict[str, Page]] = {}
    for language in WORDS:
        pages[language] = {}
        for path in sorted(layout.prose(language).glob("*.md")):
            try:
                pages[language][path.stem] = page_reader.read(path, language)
            except PressErrors as several:
                errors += several.errors
            except PressError as error:
                errors.append(error)
        errors += _strangers(layout.prose(language))
        if not layout.prose(language).is_dir():
            errors.append(
                PressError(
                    "there is no folder of pages in this language",
                    path=layout.prose(language),
                    mend=f"a book has {' and '.join(f'docs/{code}' for code in WORDS)}",
                )
            )
    if errors:
        raise PressErrors(errors)
    chapters: dict[str, Chapter] = {}
    for language in WORDS:
        for page in pages[language].values():
            if page.chapter and page.chapter not in chapters:
                try:
                    path = layout.chapters / f"{page.chapter}.py"
                    chapters[page.chapter] = chapter_script.read(path)
                except PressError as error:
                    errors.append(error)
    if errors:
        raise PressErrors(errors)
    terms = glossary_table.read(layout.glossary)
    imprint = Imprint.read(layout)
    first, *others = (pages[language] for language in WORDS)
    for other in others:
        errors += language_parity.languages(first, other)
    extra = {
        page.name: glossary_table.ids(terms)
        for language in WORDS
        for page in pages[language].values()
        if page.glossary
    }
    library = EMPTY
    try:
        library = _library(layout, imprint, first.values())
        extra |= {page.name: set(library.ids) for page in first.values() if page.reference}
    except PressError as error:
        errors.append(error)
    for language in WORDS:
        errors += language_parity.chapters(pages[language], chapters)
        errors += language_parity.links(pages[language], extra, {addresses.GALLERY})
        errors += cross_references.check(pages[language], terms)
        for page in pages[language].values():
            errors += punctuation.check(page)
        errors += book_frame.navigation(layout.edition(language), pages[language])
    errors += book_frame.settings(layout, imprint, first, chapters.values())
    errors += punctuation.table(layout.glossary, punctuation.GLOSSARY)
    errors += language_parity.terms(terms, first, layout.glossary)
    if errors:
        raise PressErrors(errors)
    for language in WORDS:
        cross_references.resolve(pages[language])
    catalogue, promised = Catalogue.load(layout.messages), figure_ledger.read(layout.ledger)
    errors = punctuation.table(layout.messages, punctuation.MESSAGES)
    if errors:
        raise PressErrors(errors)
    return BookSource(layout, pages, chapters, terms, catalogue, imprint, promised, library)


def _library(layout: Layout, imprint: Imprint, pages: Iterable[Page]) -> Library:
    """What the book's package has for readers, as the one page says that has its reference."""
    fences = [(page, fence) for page in pages for fence in page.reference]
    for page, fence in fences[1:]:
        raise PressError(
            "the reference of the library is here a second time",
            path=page.path,
            line=fence.line,
            mend="name all modules in one fence: a name has one place",
        )
    if not fences:
        return EMPTY
    ((page, fence),) = fences
    return read_package.read(
        layout.root, imprint.module, fence.modules, path=page.path, line=fence.line
    )


def _strangers(folder: Path) -> list[PressError]:
    """What stands in the folder of a language and would be left out of the book in silence."""
    return [
        PressError(
            "this is no page of the book",
            path=path,
            mend=f"pages are files *.md in {short_path(folder)} itself, and nothing else is",
        )
        for path in sorted(folder.glob("*"))
        if path.suffix != ".md" and not path.name.startswith(".")
    ]
