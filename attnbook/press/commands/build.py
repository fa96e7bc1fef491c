"""``build``: execute the chapters, weave the pages, build every language into one site."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from ..base import safe_files
from ..base.errors import short_path
from ..execution.chapter_cache import prune
from ..site import build_site
from ..site.generators import GENERATORS
from . import prepare


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("build", help="execute, weave and build all languages")
    parser.add_argument("--site", type=Path, help="where the site goes (default: site/)")
    parser.add_argument(
        "--generator",
        choices=list(GENERATORS),
        default="mkdocs",
        help="what makes pages of the staged Markdown (default: mkdocs, as published)",
    )
    prepare.add_timeout(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Build the site and put it in place."""
    start = time.perf_counter()
    target = prepare.site(options)
    build_site.check(target)
    book = prepare.staged_book(options)
    generator = GENERATORS[options.generator]
    pages = build_site.build(book, target, prepare.say, generator)
    prune(book.layout.cache, [execution.folder for execution in book.executions.values()])
    for kept in ("cards", "fonts"):
        safe_files.prune_unused(book.layout.build / kept)
    prepare.summary(book, start, f"{pages} pages", f"open {short_path(target / 'index.html')}")
    return 0
