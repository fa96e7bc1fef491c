"""``epub``: the book for e-readers, an EPUB per language."""

from __future__ import annotations

import argparse

from . import from_site


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("epub", help="build the site and make an EPUB per language of it")
    from_site.add_options(parser, "EPUBs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make the EPUBs."""
    from ..editions import epub  # takes Matplotlib, for which others need not wait

    return from_site.run(options, epub.epubs)
