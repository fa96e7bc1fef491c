"""``pdf``: the book as paper, a PDF per language."""

from __future__ import annotations

import argparse

from ..editions import chromium, pdf_print
from . import from_site


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("pdf", help="build the site and print a PDF per language")
    from_site.add_options(parser, "PDFs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the book."""
    chromium.check()  # before a build that would be for nothing
    return from_site.run(options, pdf_print.pdfs)
