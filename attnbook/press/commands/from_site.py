"""The commands that make another form of the book from the built site, building it if need be."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from ..base.book_paths import Layout
from ..base.errors import short_path
from ..base.imprint import Imprint
from . import build, prepare

Maker = Callable[[Layout, Path, Imprint, Path], Iterator[Path]]


def add_options(parser: argparse.ArgumentParser, name: str) -> None:
    """The options of a command that makes files called ``name``."""
    parser.add_argument("--site", type=Path, help="take this built site instead of building one")
    parser.add_argument("--to", type=Path, help=f"the folder of the {name} (default: dist/)")
    prepare.add_timeout(parser)
    parser.set_defaults(generator="mkdocs")  # of the site that is built if none is named


def run(options: argparse.Namespace, make: Maker) -> int:
    """Build the site unless one was named, then write what ``make`` makes of it."""
    if options.site is None:
        build.run(options)
    layout = prepare.layout(options)
    target = (options.to or layout.root / "dist").resolve()
    for path in make(layout, prepare.site(options), Imprint.read(layout), target):
        prepare.say(short_path(path))
    return 0
