"""What ``list``, ``figure`` and ``cite`` share: the book they read, names they refuse."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from difflib import get_close_matches

from ..base.errors import PressError
from ..checks import read_book
from ..checks.read_book import BookSource
from ..words.load import WORDS
from . import prepare


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option of the language."""
    default = next(iter(WORDS))
    parser.add_argument("--lang", default=default, help=", ".join(WORDS))


def read(options: argparse.Namespace) -> BookSource:
    """The book, without executing any of it.

    Raises
    ------
    PressError
        If the language is none of the book's, or there is no book.
    """
    check_choice("language", options.lang, list(WORDS))
    layout = prepare.layout(options)
    if not (layout.root / "mkdocs.yml").exists():
        raise PressError(
            "the pages of the book are not here",
            path=layout.root,
            mend="run it in a checkout of the book, or name one: --root FOLDER",
        )
    return read_book.read(layout)


def check_choice(what: str, given: str, choices: Sequence[str]) -> None:
    """See that ``given`` is one of ``choices``.

    Raises
    ------
    PressError
        If it is not; with the nearest ones.
    """
    if given not in choices:
        near = get_close_matches(given.lower(), choices, n=2, cutoff=0.5)
        raise PressError(
            f"there is no {what} {given!r}",
            mend=f"did you mean {' or '.join(near)}?" if near else f"choose {', '.join(choices)}",
        )


def say_aside(text: str) -> None:
    """Print ``text`` where it is not taken for the result."""
    print(text, file=sys.stderr, flush=True)
