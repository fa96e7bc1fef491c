"""``list``: the names of all figures."""

from __future__ import annotations

import argparse

from ..editions import single_figure
from . import one_book


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("list", help="list all figures: slug, chapter, title")
    one_book.add_language(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print a line for each figure."""
    placements = single_figure.placements(one_book.read(options), options.lang)
    width = max(len(placement.label) for _, placement in placements)
    for page, placement in placements:
        print(f"{placement.label:{width}}  {page.name}  {placement.title}")
    return 0
