"""``release``: record the files of a published site, so that readers can verify theirs."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..base.errors import short_path
from ..receipts import published_releases
from . import prepare


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("release", help="record the built site as a published version")
    parser.add_argument("--site", type=Path, help="the site that was published (default: site/)")
    parser.add_argument("--version", help="the version it has to be, such as that of a tag")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Record the release."""
    releases = prepare.layout(options).releases
    release = published_releases.record(prepare.site(options), releases, options.version)
    count = len(release.files)
    prepare.say(f"version {release.version}: {count} files in {short_path(releases)}; commit it")
    return 0
