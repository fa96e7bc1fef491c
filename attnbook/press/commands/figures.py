"""``figures``: draw every figure, without the site; record receipts of them."""

from __future__ import annotations

import argparse
import time

from ..base.errors import short_path
from ..words.load import WORDS
from . import prepare


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("figures", help="execute the chapters and draw every figure")
    parser.add_argument("--accept", action="store_true", help="record receipts of the figures")
    prepare.add_timeout(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw the figures; say which differ from their receipts, or record them."""
    start = time.perf_counter()
    book = prepare.staged_book(options)
    folders = " and ".join(short_path(book.layout.stage(code) / "figures") for code in WORDS)
    prepare.summary(book, start, f"in {len(WORDS)} languages", f"see {folders}")
    from ..receipts import verify  # takes NumPy, for which a build need not wait

    if options.accept:
        verify.accept(book, prepare.say)
    else:
        prepare.say(verify.reminder(book))
    return 0
