"""Writing folders so that nothing half-written is ever found where a finished one should be."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .errors import PressError, short_path

HERE, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE, of Linux


def write_if_changed(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` unless it is there already: watchers see only real changes."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def cached(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of the cache's file at ``path``, made where it is missing or damaged.

    The file begins with the digest of its content, so that what a full disk or a fall of the power
    cut short is noticed. It is written beside its place first: several processes may do so.
    """
    content = read_checked(path)
    if content is None:
        content = make()
        write_checked(path, content)
    else:
        with contextlib.suppress(OSError):  # when it was last used: see `prune_unused`
            os.utime(path)
    return content


def prune_unused(folder: Path, days: int = 60) -> None:
    """Remove the `cached` files of ``folder`` that nobody has used for so long."""
    limit = time.time() - days * 24 * 3600
    for path in folder.glob("*"):
        with contextlib.suppress(OSError):  # another process may prune, too
            if path.is_file() and path.stat().st_mtime < limit:
                path.unlink()


def read_checked(path: Path) -> bytes | None:
    """What `write_checked` wrote to ``path``; None where it is missing or damaged."""
    try:
        first, _, content = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return content if first == digest(content) else None


def write_checked(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, whole or not at all, with the digest that proves it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(digest(content) + b"\n" + content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def digest(content: bytes) -> bytes:
    """The SHA-256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest().encode()


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


def replace(target: Path, new: Path) -> None:
    """Put the finished folder ``new`` in the place of ``target``, which stays if that fails.

    ``new`` may lie on another file system: it is brought beside ``target`` first. Where the system
    exchanges folders, ``target`` is never absent. Elsewhere the old folder waits beside it for the
    moment between two renames; ``recover`` brings it back if the process ends just then. Whatever
    the umask, everybody may read what is there: a web server may be another user.

    Raises
    ------
    PressError
        If a folder cannot be moved or written.
    """
    aside, beside = _aside(target), target.with_name(f".{target.name}-new")
    with _told(target):
        recover(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(beside)
        try:
            shutil.move(new, beside)
            _let_read(beside)
            if not (target.exists() and _exchange(beside, target)):
                if target.exists():
                    target.rename(aside)
                beside.rename(target)
        except BaseException:
            recover(target)
            raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(aside, ignore_errors=True)


def _let_read(folder: Path) -> None:
    """Let everybody read ``folder`` and all that is in it."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)


def _exchange(one: Path, two: Path) -> bool:
    """Exchange two folders at one moment; False where the system cannot, and nothing happened."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # no Linux, or an old one
        return False
    paths = os.fsencode(one), os.fsencode(two)
    return rename(HERE, paths[0], HERE, paths[1], EXCHANGE) == 0


def recover(target: Path) -> None:
    """Finish or undo a ``replace`` that was interrupted.

    Raises
    ------
    PressError
        If a folder cannot be moved or removed.
    """
    aside = _aside(target)
    if not aside.exists():
        return
    with _told(target):
        if target.exists():
            _remove(aside)
        else:
            aside.rename(target)


def _aside(target: Path) -> Path:
    """Where the old folder waits: beside its place, so that no other target can claim it."""
    return target.with_name(f".{target.name}-replaced")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PressError(
            f"the new folder could not be put here: {error.strerror or 'not all files came'}",
            path=target,
            mend=f"see that {short_path(target.parent)}/ can be written and has space, "
            "or name another place",
            detail=str(error),
        ) from error
