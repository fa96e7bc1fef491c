"""``audit``: every page measured by Lighthouse and axe-core."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import prepare


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("audit", help="measure every page by Lighthouse and axe-core")
    parser.add_argument("--pages", default="*", help="only those whose address matches: 'zh/*'")
    parser.add_argument("--site", type=Path, help="the built site (default: site/)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure the pages; 1 if one of them is below the limit."""
    from .lighthouse_axe import audit  # takes a browser

    return 0 if audit(prepare.site(options), options.pages, prepare.say) else 1
