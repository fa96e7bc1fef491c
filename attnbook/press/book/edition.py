"""The edition of the book in one language, as everything is told that writes a page or a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..base.imprint import Imprint
from ..docstrings.library import EMPTY, Library
from ..execution.execute import Execution
from ..source.figure_ledger import Ledger
from ..source.glossary_table import Term
from ..source.page_reader import Page
from ..words.load import WORDS
from .executed_book import Book
from .figure_in_book import BookFigure, figure_at
from .numbers_in_prose import Value, Values

NO_LEDGER = Ledger(Path(), (), {})


@dataclass(frozen=True)
class Edition:
    """The executed book in ``language``.

    ``pages``, by name, have their numbers filled in and their references resolved. ``executions``
    has the chapters by name; ``figures`` stand by slug in the order of the book. ``facts`` are what
    the book says of itself, such as the versions that it was made with; ``library`` is what the
    book's package has for readers, if a page has its reference.
    """

    language: str
    imprint: Imprint
    pages: Mapping[str, Page]
    executions: Mapping[str, Execution] = field(default_factory=dict)
    figures: Mapping[str, BookFigure] = field(default_factory=dict)
    terms: Sequence[Term] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)
    ledger: Ledger = NO_LEDGER
    library: Library = EMPTY


def editions(book: Book) -> dict[str, Edition]:
    """The editions of ``book`` by language, the first of the book first.

    Raises
    ------
    PressError
        For a number in prose that nothing computed.
    """
    values = book.values()
    return {language: _edition(book, language, values) for language in WORDS}


def _edition(book: Book, language: str, values: Values) -> Edition:
    pages = {name: values.fill_page(page) for name, page in book.pages[language].items()}
    figures: dict[str, BookFigure] = {}
    for page in pages.values():
        if not page.chapter:
            continue
        execution = book.executions[page.chapter]
        for placement in page.placements:
            if execution.results[placement.label].figure:
                figures[placement.label] = figure_at(
                    placement, page, execution, book.catalogue, book.imprint
                )
    return Edition(
        language=language,
        imprint=book.imprint,
        pages=pages,
        executions=book.executions,
        figures=figures,
        terms=book.terms,
        facts=values.book,
        ledger=book.ledger,
        library=book.library,
    )
