"""Imprints for tests: those of this book, but for what a test is about."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from attnbook.press.base.book_paths import Layout
from attnbook.press.base.imprint import Imprint

THIS_BOOK = Imprint.read(Layout(Path(__file__).resolve().parents[1]))
AUTHORS = ("The attnbook authors",)


def imprint(
    version: str, commit: str, day: date, address: str, authors: tuple[str, ...] = AUTHORS
) -> Imprint:
    """An imprint of this book."""
    parts = {"version": version, "commit": commit, "date": day, "address": address}
    return replace(THIS_BOOK, **parts, authors=authors)
