"""``serve``: the book in one language, shown live while it is edited."""

from __future__ import annotations

import argparse
import subprocess
import sys

from ..base.errors import PressError
from ..site import generators
from ..words.load import WORDS
from . import prepare


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("serve", help="show the book in one language, live")
    first = next(iter(WORDS))
    parser.add_argument("language", nargs="?", default=first, choices=list(WORDS))
    parser.add_argument("--address", default="127.0.0.1:8000", help="host:port to listen on")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until somebody ends it."""
    layout = prepare.layout(options)
    config = generators.configure(layout, options.language, served=True)
    command = [sys.executable, "-P", "-m", "mkdocs", "serve", "--config-file", str(config)]
    command += ["--dev-addr", options.address]
    done = subprocess.run(command, cwd=layout.root, env=generators.environment(layout))
    if done.returncode:
        raise PressError("mkdocs could not serve the book", mend="see what it says above")
    return 0
