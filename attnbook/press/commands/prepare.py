"""What several commands begin and end with: a book executed and staged, words about it."""

from __future__ import annotations

import argparse
import functools
import time
from pathlib import Path

from ..base import node_tools
from ..base.book_paths import Layout
from ..book import edition, executed_book
from ..book.executed_book import Book
from ..checks import read_book
from ..execution.progress import report
from ..finishing import style_bundle
from ..formulas import render_katex
from ..pages import stage
from ..words.load import WORDS

# Unbuffered: a log shows what is happening, too.
say = functools.partial(print, flush=True)


def layout(options: argparse.Namespace) -> Layout:
    """The paths of the book that the command is about."""
    return Layout(options.root.resolve())


def site(options: argparse.Namespace) -> Path:
    """The folder of the built site: the one that was named, else that of the book."""
    return (options.site or layout(options).site).resolve()


def staged_book(options: argparse.Namespace) -> Book:
    """The book, executed, with what the generator sees of it written for every language."""
    source = read_book.read(layout(options))
    # First: what cannot be fetched should not cost the minutes that cells take.
    for tool in (render_katex.KATEX, style_bundle.PURGE):
        node_tools.install(tool)
    book = executed_book.run(source, report(say), options.timeout)
    stage.stage(edition.editions(book), book.layout, *WORDS)
    return book


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """The option of all commands that execute cells."""
    parser.add_argument(
        "--timeout", type=float, default=120.0, help="seconds that one cell may take"
    )


def summary(book: Book, start: float, product: str, result: str) -> None:
    """The closing words: what was executed, what was made of it and since when, what to do now."""
    executions = book.executions.values()
    cells = sum(len(execution.results) for execution in executions)
    hits = sum(execution.cached for execution in executions)
    say(
        f"\n{len(book.executions)} chapters ({hits} from the cache), {cells} cells, "
        f"{book.figures} figures, {product}, {time.perf_counter() - start:.1f} s\n{result}"
    )
