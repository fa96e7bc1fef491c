"""The cache of executions: by content, whole or not at all.

An entry is a folder ``<chapter>-<key>``. The key is a hash of all that the results depend on: the
cells, the message catalogue, the press code that runs them, the data files of the library, the
interpreter and machine — and every source file and distribution that the kernel had loaded when
the chapter ended. The last two are only known afterwards, so an entry names them, and is found by
computing the key again from the names it gives. That is sound: as long as none of them changed, the
chapter would load the same ones again.

Entries are written to a folder beside them and renamed when finished, so an interrupted build
leaves nothing that could be taken for a result.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from ..base.book_paths import PACKAGE
from ..base.environment import processor
from ..source.chapter_script import Chapter
from ..source.figure_messages import Catalogue

RECORD, MANIFEST = "execution.json", "manifest.json"
# Packages that every result depends on, whatever the chapter loads: they make the kernel, the
# drawings and the files.
ALWAYS = ("torch", "matplotlib", "numpy", "zhplot", "ipykernel", "ipython", "nbclient", "nbformat")
ENTRY = re.compile(r"\w+-[0-9a-f]{16}")
PARTIAL = re.compile(r"\.partial-(?P<pid>\d+)-(?P<born>\d+)-.*")


def key(
    chapter: Chapter,
    catalogue: Catalogue,
    sources: Iterable[str],
    distributions: Iterable[str],
) -> str:
    """The name of an entry: a digest of all that the execution depends on.

    ``sources`` are files, relative to the folder that holds the package or absolute;
    ``distributions`` are named as package indexes do.
    """
    room = PACKAGE / "press" / "execution"
    code = [room / name for name in ("chapter_cache.py", "execute.py", "kernel_run.py")]
    parts: Any = [
        chapter.name,
        [(cell.label, cell.source) for cell in chapter.cells],
        [catalogue.languages, catalogue.rows],
        [(path.relative_to(PACKAGE).as_posix(), digest(path)) for path in (*_data(), *code)],
        [(name, digest(PACKAGE.parent / name)) for name in sorted(sources)],
        sorted(versions(distributions).items()),
        [platform.system(), platform.machine(), sys.implementation.name, sys.version, processor()],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def state() -> dict[str, str]:
    """The digests of what the package offers a chapter, to compare with later."""
    return {
        path.relative_to(PACKAGE.parent).as_posix(): digest(path)
        for path in (*_data(), *PACKAGE.rglob("*.py"))
    }


def changed(before: dict[str, str], sources: Iterable[str]) -> bool:
    """Whether one of ``sources`` or a data file is not as it was."""
    after = state()
    data = {path.relative_to(PACKAGE.parent).as_posix() for path in _data()}
    return any(
        before.get(name) != after.get(name)
        for name in before.keys() | after.keys()
        if name in data or name in sources
    )


def _data() -> list[Path]:
    """Files of the library that are not code, such as its style."""
    return sorted(
        path
        for path in PACKAGE.rglob("*")
        if path.suffix not in {".py", ".pyc"}
        and path.relative_to(PACKAGE).parts[0] not in {"press", "chapters"}
        and path.is_file()
    )


def versions(distributions: Iterable[str]) -> dict[str, str]:
    """The versions of Python and of ``distributions``; empty where one is not installed."""
    versions_by_name = {"python": platform.python_version()}
    for name in sorted({*ALWAYS, *distributions}):
        try:
            versions_by_name[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions_by_name[name] = ""
    return versions_by_name


def digest(path: Path) -> str:
    """The SHA-256 of a file; of a missing one, nothing."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def find(cache: Path, chapter: Chapter, catalogue: Catalogue) -> tuple[Path, Any] | None:
    """The entry of ``chapter`` that still holds, and its record; damaged entries are removed."""
    for entry in entries(cache, chapter.name):
        try:
            record = json.loads((entry / RECORD).read_text(encoding="utf-8"))
            name = key(chapter, catalogue, record["sources"], record["distributions"])
        except (OSError, ValueError, KeyError, TypeError):
            discard(entry)
            continue
        if entry.name != f"{chapter.name}-{name}":
            continue
        if intact(entry):
            return entry, record
        discard(entry)
    return None


def entries(cache: Path, name: str) -> list[Path]:
    """The entries of the chapter ``name``, whatever they hold."""
    folders = cache.glob(f"{name}-*")
    return sorted(path for path in folders if ENTRY.fullmatch(path.name))


def seal(folder: Path) -> None:
    """Write the manifest, by which `intact` sees whether a file was changed or lost."""
    (folder / MANIFEST).write_text(json.dumps(_digests(folder), indent=1), encoding="utf-8")


def intact(folder: Path) -> bool:
    """Whether ``folder`` holds exactly the files that it was sealed with."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return manifest == _digests(folder)


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }


@contextmanager
def partial(cache: Path) -> Iterator[Path]:
    """A folder in ``cache`` to work in; it is gone afterwards, whatever happens."""
    cache.mkdir(parents=True, exist_ok=True)
    sweep(cache)
    name = f".partial-{os.getpid()}-{_born(os.getpid())}-"
    folder = Path(tempfile.mkdtemp(prefix=name, dir=cache))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(folder: Path, target: Path) -> Path:
    """Move the finished ``folder`` to ``target``; if it is there already, the first one stays."""
    try:
        folder.rename(target)
    except OSError:
        if not intact(target):
            discard(target)
            folder.rename(target)
    return target


def discard(entry: Path) -> None:
    """Remove an entry; it stops being one at once, not file by file."""
    aside = Path(tempfile.mkdtemp(prefix=".partial-0-0-", dir=entry.parent))
    try:
        entry.rename(aside / entry.name)
    except FileNotFoundError:  # another process was faster
        pass
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def sweep(cache: Path) -> None:
    """Remove the unfinished folders of processes that no longer live."""
    for path in cache.iterdir():
        match = PARTIAL.fullmatch(path.name)
        if match and _born(int(match["pid"])) != int(match["born"]):
            shutil.rmtree(path, ignore_errors=True)


def prune(cache: Path, used: Iterable[Path]) -> list[Path]:
    """Remove entries that the build did not use, and say which.

    Entries newer than those used stay: another build may just have made them.
    """
    kept = {path.resolve() for path in used}
    if not kept or not cache.is_dir():
        return []
    sweep(cache)
    newest = max(path.stat().st_mtime_ns for path in kept)
    old = [
        path
        for path in sorted(cache.iterdir())
        if ENTRY.fullmatch(path.name)
        and path.resolve() not in kept
        and path.stat().st_mtime_ns <= newest
    ]
    for path in old:
        discard(path)
    return old


def _born(pid: int) -> int:
    """When process ``pid`` started, 0 if there is none: a number alone may have been given anew."""
    import psutil  # comes with ipykernel; not needed by a build that executes nothing

    try:
        return int(psutil.Process(pid).create_time()) if pid else -1
    except psutil.Error:
        return 0
