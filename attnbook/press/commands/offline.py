"""``offline``: one zip of the built site that works from disk."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..base import safe_files
from ..base.errors import short_path
from ..editions import offline_zip
from . import prepare


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "offline", help="make one zip of the built site, for reading from disk"
    )
    parser.add_argument("--site", type=Path, help="the site that goes into it (default: site/)")
    parser.add_argument("--to", type=Path, help="the folder that it goes to (default: build/)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the zip."""
    name, content = offline_zip.pack(prepare.site(options))
    target = (options.to or prepare.layout(options).build).resolve() / name
    safe_files.write_if_changed(target, content)
    size = len(content) / 1e6
    prepare.say(f"{short_path(target)}: {size:.1f} MB; unzip it and open index.html")
    return 0
