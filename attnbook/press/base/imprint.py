"""What every copy of the book says of itself: authors, titles, version, commit, date, address."""

from __future__ import annotations

import os
import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path

import yaml

from ..words.load import WORDS
from . import author_files
from .book_paths import Layout
from .errors import PressError

# The first moment a zip file can name: the date of a tree that is not under version control.
EPOCH = 315532800
OF_GIT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # set where a hook of git runs the press
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Imprint:
    """The facts of one edition of the book.

    ``commit`` is empty outside of version control and ends in ``+`` where files differ from it.
    ``address`` has no slash at its end, and is empty for a local copy.
    """

    version: str
    commit: str
    date: date
    address: str
    authors: tuple[str, ...]
    licence: str = LICENCE

    @classmethod
    def read(cls, layout: Layout) -> Imprint:
        """The imprint of the book at ``layout``.

        Raises
        ------
        PressError
            If there is no CITATION.cff, or one without authors or date.
        """
        cited = _citation(layout.citation)
        moment = epoch(layout.root)
        commit_day = datetime.fromtimestamp(moment, UTC).date()
        return cls(
            version(),
            _commit(layout.root),
            cited.released if moment == EPOCH else commit_day,
            address(layout.root),
            cited.authors,
        )

    @property
    def year(self) -> int:
        return self.date.year

    @property
    def wheel(self) -> str:
        """The file name of the wheel that the site carries."""
        return f"attnbook-{self.version}-py3-none-any.whl"

    def file(self, language: str, kind: str) -> str:
        """The name of the file that holds the book: ``kind`` is ``pdf`` or ``epub``."""
        return f"attnbook-{self.version}-{language}.{kind}"

    def title(self, language: str) -> str:
        return WORDS[language].book

    def at(self, path: str) -> str:
        """The address of ``path`` in the published site; empty for a local copy."""
        return f"{self.address}/{path}" if self.address else ""


def version() -> str:
    """The version of the book and its library, which are one."""
    return metadata.version("attnbook")


def address(root: Path) -> str:
    """Where the site is published: ``SITE_URL``, or Documentation in pyproject's project.urls."""
    published = os.environ.get("SITE_URL", "")
    project = root / "pyproject.toml"
    if not published and project.exists():
        urls = tomllib.loads(project.read_text(encoding="utf-8"))["project"].get("urls", {})
        published = urls.get("Documentation", "")
    return published.rstrip("/")


def epoch(root: Path) -> int:
    """The one date of a reproducible build: ``SOURCE_DATE_EPOCH``, or that of the commit."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or _git(root, "log", "-1", "--format=%ct")
    return int(seconds or EPOCH)


def _commit(root: Path) -> str:
    commit = _git(root, "rev-parse", "HEAD")
    return commit + "+" * bool(commit and _git(root, "status", "--porcelain"))


@dataclass(frozen=True)
class _Cited:
    authors: tuple[str, ...]
    released: date


def _citation(path: Path) -> _Cited:
    """What the citation file says of the book."""
    try:
        cff = yaml.safe_load(author_files.read(path))
        names = tuple(
            one.get("name") or f"{one['given-names']} {one['family-names']}"
            for one in cff["authors"]
        )
        released = date.fromisoformat(str(cff["date-released"]))
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise PressError(
            "the authors or the date of the book cannot be read",
            path=path,
            mend="a CITATION.cff has 'authors' and 'date-released'",
            detail=f"{type(error).__name__}: {error}",
        ) from None
    return _Cited(names, released)


def _git(root: Path, *arguments: str) -> str:
    """What git says of the checkout whose top level is ``root``; empty if it is none.

    A repository further up is somebody else's, in which the book was unpacked, and its commit and
    date say nothing of the book.
    """
    root = root.resolve()
    command = ["git", "-C", str(root), *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in OF_GIT}
    environment["GIT_CEILING_DIRECTORIES"] = str(root.parent)
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
