"""``serve``: the book in one language, shown live while it is edited."""

from __future__ import annotations

import argparse
import contextlib
import socket
import subprocess
import sys

from ..base.errors import PressError
from ..site import generators, live_pages
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
    _require_free(options.address)
    while True:
        config = generators.configure(layout, options.language, served=True)
        command = [sys.executable, "-P", "-m", "mkdocs", "serve", "--config-file", str(config)]
        command += ["--dev-addr", options.address]
        done = subprocess.run(command, cwd=layout.root, env=generators.environment(layout))
        if done.returncode != live_pages.RESTART:
            break
        prepare.say("the press has changed: it is started again")
    if done.returncode:
        raise PressError("mkdocs could not serve the book", mend="see what it says above")
    return 0


def _require_free(address: str) -> None:
    """See that somebody may listen at ``address``, as ``host:port``."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise PressError(
            f"{address!r} is no address to listen on", mend="write host:port, as 127.0.0.1:8000"
        )
    place = host.strip("[]"), int(port)
    obstacle = ""
    with contextlib.suppress(OSError), socket.create_connection(place, timeout=5):
        obstacle = "something answers there already"
    try:
        socket.create_server(place).close()
    except OSError as error:
        obstacle = obstacle or error.strerror or str(error)
    if obstacle:
        raise PressError(
            f"the book cannot be served at {address}: {obstacle}",
            mend="end what listens there, or name another place: serve --address 127.0.0.1:8001",
        )
