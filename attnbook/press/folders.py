"""Writing folders so that nothing half-written is ever found where a finished one should be."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path


def write_if_changed(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` unless it is there already: watchers see only real changes."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def mirror(folder: Path, files: Mapping[str, bytes | Path]) -> None:
    """Make ``folder`` hold exactly ``files``: relative name to content, or to a file to copy."""
    for name, content in files.items():
        write_if_changed(
            folder / name, content.read_bytes() if isinstance(content, Path) else content
        )
    wanted = {folder / name for name in files}
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()


def put(new: Path, place: Path) -> Path:
    """Copy the finished file ``new`` to ``place``, where the old one stays until all is there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.new")
    try:
        shutil.copyfile(new, beside)
        return beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def replace(target: Path, new: Path, *, aside: Path) -> None:
    """Put the finished folder ``new`` in the place of ``target``.

    The old one waits at ``aside`` for the moment between two renames; ``recover`` brings it back
    if the process ends just there.
    """
    recover(target, aside=aside)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(aside)
    new.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def recover(target: Path, *, aside: Path) -> None:
    """Finish or undo a ``replace`` that was interrupted."""
    if not aside.exists():
        return
    if target.exists():
        shutil.rmtree(aside)
    else:
        aside.rename(target)
