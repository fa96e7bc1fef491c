"""``cite``: the citation of a figure, or of the book."""

from __future__ import annotations

import argparse
from datetime import date

from ..editions import single_figure
from ..metadata import citation
from . import one_book

STYLES = ("gbt7714", "gbt7714-2015", "apa", "bibtex", "ris", "csl")


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("cite", help="print the citation of a figure, or of the book")
    parser.add_argument("slug", nargs="?", help="a figure; without it, the book")
    parser.add_argument("--style", default="gbt7714", help=", ".join(STYLES))
    one_book.add_language(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the citation."""
    one_book.check_choice("style", options.style, STYLES)
    book = one_book.read(options)
    if options.slug is None:
        cited = citation.of_book(book.imprint, options.lang)
    else:
        cited = citation.of_figure(single_figure.record(book, options.lang, options.slug))
    match options.style:
        case "bibtex":
            text = cited.bibtex()
        case "ris":
            text = cited.ris()
        case "csl":
            text = cited.csl()
        case style:
            text = cited.formatted(style, date.today())
    print(text.rstrip("\n"))
    return 0
