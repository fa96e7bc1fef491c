"""Chromium, which prints the book and opens it in tests: the machine's own, never a download."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..base.errors import PressError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Where installers put it without telling PATH.
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
)
OLDEST = 131  # the first with running heads: CSS margin boxes of pages
INSTALL = (
    "install it (Debian, Ubuntu: 'apt install chromium'; Fedora: 'dnf install chromium'; "
    "macOS: 'brew install --cask chromium'; Windows: 'winget install Google.Chrome'), "
    "or name it: CHROMIUM=/path/to/chromium"
)
FLAGS = (
    "--headless",
    "--no-sandbox",  # which containers do not allow; only a page of our own, without scripts, opens
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB, too little for the long pages
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # whatever it wants from the network, it gets nothing
)
SECONDS = 600  # a printing takes five, and a shared runner many times that


def find() -> str:
    """The Chromium of this machine: ``CHROMIUM``, or one on PATH or where installers put it.

    Raises
    ------
    PressError
        If there is none, or ``CHROMIUM`` names none; it says how to install it.
    """
    named = os.environ.get("CHROMIUM", "")
    if named:
        path = shutil.which(named)
        if not path:
            raise PressError(f"CHROMIUM names no program: {named!r}", mend=INSTALL)
        return path
    for name in (*NAMES, *PLACES):
        if path := shutil.which(name):
            return path
    raise PressError(f"no Chromium on PATH: asked for {', '.join(NAMES)}", mend=INSTALL)


def print_pdf(page: Path, target: Path) -> None:
    """Print the HTML file ``page`` to ``target``: tagged, with an outline, nothing added.

    Raises
    ------
    PressError
        If there is no Chromium, or an old one, or it prints nothing.
    """
    program = find()
    with tempfile.TemporaryDirectory(prefix="attnbook-chromium-") as profile:
        done = _run(
            [
                *(program, *FLAGS, f"--user-data-dir={profile}"),
                *("--virtual-time-budget=60000", f"--print-to-pdf={target}"),
                *("--no-pdf-header-footer", "--export-tagged-pdf"),
                *("--generate-pdf-document-outline", page.as_uri()),
            ]
        )
    if not target.is_file():
        raise PressError(
            f"{program} printed nothing ({_version(program)})",
            mend=f"see what it says below; the book needs Chromium {OLDEST} or newer",
            detail=done[-2000:],
        )


def check() -> str:
    """The Chromium of this machine, if it is new enough to print the book.

    Raises
    ------
    PressError
        If there is none, or one too old.
    """
    program = find()
    version = _version(program)
    number = re.search(r"(\d+)\.\d+\.\d+", version)
    if number and int(number[1]) < OLDEST:
        raise PressError(
            f"{program} is {version}, which knows no running heads",
            mend=f"the book on paper needs Chromium {OLDEST} or newer: {INSTALL}",
        )
    return program


def _version(program: str) -> str:
    said = re.search(r"^Chrom.*|^Google Chrome.*", _run([program, "--version"]), re.MULTILINE)
    return said[0].strip() if said else "of unknown version"


def _run(command: list[str]) -> str:
    """What the command says, on either channel; it is ended if it does not end by itself."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        return f"no answer for {SECONDS} s: {error.cmd[0]}"
    except OSError as error:
        return str(error)
    return (done.stdout + done.stderr).decode(errors="replace")
