"""All figures of the book in one language, each with its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..execution.executed_book import Book
from . import formats
from .figure_on_page import Exhibit, exhibits


@dataclass(frozen=True)
class Item:
    """A figure and its files, by name."""

    exhibit: Exhibit
    files: Mapping[str, bytes]


def collect(book: Book, language: str) -> dict[str, Item]:
    """The figures by slug, in the order of the book."""
    values = book.values()
    found: dict[str, Item] = {}
    for page in book.pages[language].values():
        if not page.chapter:
            continue
        execution = book.executions[page.chapter]
        for exhibit in exhibits(page, execution, values, book.catalogue, book.imprint):
            made = formats.make_all(exhibit, book.catalogue)
            named = {f"{exhibit.slug}.{suffix}": content for suffix, content in made.items()}
            found[exhibit.slug] = Item(exhibit, named)
    return found
