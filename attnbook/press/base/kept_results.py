"""What one build keeps for the next: results by a digest of all that they are made of."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from .book_paths import PACKAGE
from .safe_files import cached

DIGEST = re.compile("[0-9a-f]{16}")


def kept(folder: Path, name: str, parts: object, make: Callable[[], bytes]) -> bytes:
    """What ``make`` gives, from ``folder`` if an earlier build made it of the same.

    ``parts`` are what it is made of, told apart by their ``repr``; the code of the press and the
    installed packages always belong to them. One result is kept for each ``name``: the last.
    """
    place = folder / name
    digest = hashlib.sha256(f"{TOOLS}{parts!r}".encode("utf-8", "surrogatepass"))
    path = place / digest.hexdigest()[:16]
    content = cached(path, make)
    for other in place.iterdir():
        if other != path and DIGEST.fullmatch(other.name):  # else a file that another build writes
            other.unlink(missing_ok=True)
    return content


def forget_others(folder: Path, names: Iterable[str]) -> None:
    """Remove from ``folder`` what is kept for none of ``names``."""
    wanted = set(names)
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.name not in wanted:
            shutil.rmtree(place, ignore_errors=True)


def tool_digest() -> str:
    """A digest of what makes everything: the press, the installed packages, the interpreter."""
    press = PACKAGE / "press"
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(press.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(press).as_posix()}\n".encode() + path.read_bytes())
    # The folders of their metadata have names and versions: mkdocs-1.6.1.dist-info.
    installed = {one.name for place in sys.path for one in Path(place).glob("*.dist-info")}
    digest.update(repr(sorted(installed)).encode())
    return digest.hexdigest()


# Taken when the press is loaded: whoever edits it while a build runs would else have results of the
# old code under the digest of the new.
TOOLS = tool_digest()
