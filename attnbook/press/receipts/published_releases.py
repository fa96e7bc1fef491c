"""The record of published versions, docs/releases.json: the digest of every file of a figure.

Committed, so that every later edition can tell a file of an earlier one from an altered file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from ..base import author_files, safe_files
from ..base.environment import fingerprint
from ..base.errors import PressError, short_path
from ..handouts import figure_index

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Release:
    """A published version: its commit and date, and SHA-256 by path from the root of the site.

    Files name ``address``, where the site is published, and their bytes depend on the
    ``environment`` in which they were drawn.
    """

    version: str
    commit: str
    date: str
    address: str
    environment: Mapping[str, str]
    files: Mapping[str, str]


def read(path: Path) -> dict[str, Release]:
    """The releases that ``path`` records, by version, oldest first; none if it is not there.

    Raises
    ------
    PressError
        If it does not hold such a record.
    """
    try:
        table = json.loads(author_files.read(path))
        releases = [_release(version, of) for version, of in table.items()]
        return {one.version: one for one in sorted(releases, key=lambda one: Version(one.version))}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, InvalidVersion) as error:
        raise PressError(
            "the record of published versions cannot be read",
            path=path,
            mend='it looks like {"0.1.0": {"commit": …, "date": "2026-11-24", '
            '"address": …, "environment": {…}, "files": {"en/figures/x.svg": '
            '"64 hexadecimal digits"}}}; nobody writes it by hand: '
            f"take it back from version control (git checkout -- {short_path(path)})",
            detail=f"{type(error).__name__}: {error}",
        ) from None


def record(site: Path, path: Path, version: str | None = None) -> Release:
    """Add the edition that was built at ``site`` to the record at ``path``.

    Recording the same edition again changes nothing. ``version``, if it is given, is the one that
    the edition should be of.

    Raises
    ------
    PressError
        If the site is no edition that can be published (a local copy, sources that are not those
        of a commit, files other than its indexes tell), of another version, or if its version has
        been published with other files.
    """
    new, releases_so_far = _built(site), read(path)
    if version is not None and new.version != version:
        raise PressError(
            f"the site is of version {new.version}, and {version} should be recorded",
            path=site,
            mend="give pyproject.toml and CITATION.cff the version of the tag, and build again",
        )
    old = releases_so_far.get(new.version)
    if old is not None:
        if old.files == new.files:
            return old
        raise PressError(
            f"version {new.version} was published on {old.date} with other files",
            path=path,
            mend="a published version does not change: raise the version in pyproject.toml, "
            "build and record again",
            detail="\n".join(_differences(old.files, new.files)),
        )
    releases_so_far[new.version] = new
    safe_files.write_if_changed(path, _as_json(releases_so_far).encode())
    return new


def _built(site: Path) -> Release:
    indexes = figure_index.load(site)
    books = {
        language: {key: index["book"][key] for key in ("version", "commit", "date", "address")}
        for language, index in indexes.items()
    }
    first, *others = books.values()
    if any(other != first for other in others):
        raise PressError(
            "the languages of the site are of different editions",
            path=site,
            mend="build both at once: nox -s build",
            detail="\n".join(f"{language}: {book}" for language, book in books.items()),
        )
    if not first["address"]:
        raise PressError(
            "this site is a local copy without an address, and cannot be a published version",
            path=site,
            mend="say where it is published, SITE_URL=https://… nox -s build, and record again",
        )
    commit = first["commit"] or ""
    if not COMMIT.fullmatch(commit):
        what = "files that are not in their commit" if commit else "sources that are in no commit"
        raise PressError(
            f"this site was built from {what}; nobody could build it again",
            path=site,
            mend="commit, build and record again",
        )
    files = {
        f"{language}/figures/{file['name']}": file["sha256"]
        for language, index in indexes.items()
        for figure in index["figures"]
        for file in figure["files"]
    }
    wrong = [name for name, digest in files.items() if _digest(site / name) != digest]
    if wrong:
        raise PressError(
            f"{len(wrong)} of {len(files)} files of the site are not those of its indexes",
            path=site,
            mend="build the site again: nox -s build",
            detail="\n".join(wrong[:10]),
        )
    return Release(
        *(first["version"], commit, first["date"], first["address"]),
        fingerprint(),
        dict(sorted(files.items())),
    )


def _digest(path: Path) -> str:
    return figure_index.sha256(path.read_bytes()) if path.is_file() else ""


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    lines = [
        f"{name}: {'new' if name not in old else 'missing' if name not in new else 'differs'}"
        for name in names
    ]
    return lines if len(lines) <= 10 else [*lines[:9], f"and {len(lines) - 9} more"]


def _release(version: str, entry: dict[str, Any]) -> Release:
    commit, date, files = entry["commit"], entry["date"], entry["files"]
    if not COMMIT.fullmatch(commit) or not DATE.fullmatch(date):
        raise ValueError(f"{version}: {commit!r} is no commit, or {date!r} no date")
    for name, digest in files.items():
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"{version}: {digest!r} of {name} is no SHA-256")
    environment = {str(name): str(text) for name, text in entry["environment"].items()}
    address = entry["address"]
    if not (isinstance(address, str) and address.startswith(("https://", "http://"))):
        raise ValueError(f"{version}: {address!r} is no address")
    return Release(str(Version(version)), commit, date, address, environment, files)


def _as_json(published: Mapping[str, Release]) -> str:
    table = {
        version: {
            "commit": published[version].commit,
            "date": published[version].date,
            "address": published[version].address,
            "environment": dict(published[version].environment),
            "files": dict(sorted(published[version].files.items())),
        }
        for version in sorted(published, key=Version)
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"
