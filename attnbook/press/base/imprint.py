"""What every copy of the book says of itself: authors, titles, version, commit, dates, address."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from ..words.load import WORDS
from . import author_files, author_yaml, book_settings, licences
from .book_paths import Layout
from .book_settings import BookSettings
from .errors import PressError
from .licences import Licence

# The first moment a zip file can name: the date of a tree that is not under version control.
EPOCH = 315532800
LATEST = 4354819198  # of a zip file: the end of 2107
ADDRESS = re.compile(r"[A-Za-z0-9:/._~%\[\]@!$&()*+,;=?#-]+")
OF_GIT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # set where a hook of git runs the press


@dataclass(frozen=True)
class Imprint:
    """The facts of one edition of the book.

    ``date`` is that of the version, and ``changed`` that of the last change, which is the same
    outside of version control. ``released`` tells whether docs/releases.json has the version.
    ``commit`` is empty outside of version control and ends in ``+`` where files differ from it.
    ``address`` has no slash at its end, and is empty for a local copy. ``titles`` and
    ``descriptions``, a sentence each, are by language. ``people`` are those of the ``authors`` who
    are no organisation. ``package`` comes with the book.
    """

    version: str
    commit: str
    date: date
    changed: date
    released: bool
    address: str
    authors: tuple[str, ...]
    people: tuple[str, ...]
    package: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    settings: BookSettings

    @classmethod
    def read(cls, layout: Layout) -> Imprint:
        """The imprint of the book at ``layout``.

        Raises
        ------
        PressError
            If CITATION.cff, pyproject.toml or the configuration of an edition is missing or lacks
            what they tell.
        """
        project = book_settings.project(layout.root)
        editions = {code: book_settings.edition(layout.edition(code)) for code in WORDS}
        cited = _citation(layout.citation)
        moment = epoch(layout.root)
        last_day = datetime.fromtimestamp(moment, UTC).date()
        return cls(
            project.version,
            _commit(layout.root),
            cited.released,
            cited.released if moment == EPOCH else last_day,
            project.version in _released_versions(layout.releases),
            address(layout.root),
            cited.authors,
            people=cited.people,
            package=project.package,
            titles={code: title for code, (title, _) in editions.items()},
            descriptions={code: description for code, (_, description) in editions.items()},
            settings=book_settings.settings(layout.root),
        )

    @property
    def year(self) -> int:
        return self.date.year

    @property
    def module(self) -> str:
        """The name by which Python imports the package."""
        return book_settings.module(self.package)

    @property
    def licence(self) -> Licence:
        """The licence of texts and figures."""
        return licences.OF_TEXT[self.settings.licence]

    @property
    def code_licence(self) -> Licence:
        return licences.OF_CODE[self.settings.code_licence]

    @property
    def licence_names(self) -> dict[str, str]:
        """Both, as sentences name them: ``licence`` that of texts and figures, ``code``."""
        return {"licence": self.licence.name, "code": self.code_licence.name}

    @property
    def wheel(self) -> str:
        """The file name of the wheel that the site carries."""
        return f"{self.module}-{self.version}-py3-none-any.whl"

    def file(self, language: str, kind: str) -> str:
        """The name of the file that holds the book: ``kind`` is ``pdf`` or ``epub``."""
        return f"{self.package}-{self.version}-{language}.{kind}"

    def kit(self, language: str) -> str:
        """The name, without a suffix, of what holds all figures: an archive, a deck of slides."""
        return f"{self.package}-figures-{language}"

    @property
    def edition(self) -> str:
        """The package and its version, as one name: ``attnbook 0.1.0``."""
        return f"{self.package} {self.version}"

    def title(self, language: str) -> str:
        return self.titles[language]

    def authors_in(self, language: str) -> tuple[str, ...]:
        """The authors as ``language`` names them."""
        names = self.settings.authors.get(language, {})
        return tuple(names.get(name, name) for name in self.authors)

    def at(self, path: str) -> str:
        """The address of ``path`` in the published site; empty for a local copy."""
        return f"{self.address}/{path}" if self.address else ""


def address(root: Path) -> str:
    """Where the site is published: ``SITE_URL``, or Documentation in pyproject's project.urls.

    Raises
    ------
    PressError
        If that is no address from which a site can be read.
    """
    asked = os.environ.get("SITE_URL", "")
    text = asked or book_settings.project(root).address
    if not text:
        return ""
    mend = "write https://host/path; only localhost goes by http"
    where = "SITE_URL" if asked else "Documentation in [project.urls]"
    path = None if asked else root / book_settings.PROJECT
    try:
        parts = urlsplit(text)
        secure = parts.scheme == "https" or (
            parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
        )
        wrong = {
            "is not https": not secure,
            "names no host": not parts.hostname,
            "has a user or password": "@" in parts.netloc,
            "has a query": "?" in text,
            "has a fragment": "#" in text,
            "has characters that no address has": not ADDRESS.fullmatch(text),
            "has a port that is none": parts.port == 0,
        }
    except ValueError as error:
        wrong = {f"is no address ({error})": True}
    for what, is_wrong in wrong.items():
        if is_wrong:
            raise PressError(f"{where} {what}: {text!r}", path=path, mend=mend)
    return text.rstrip("/")


def epoch(root: Path) -> int:
    """The one date of a reproducible build: ``SOURCE_DATE_EPOCH``, or that of the commit.

    Raises
    ------
    PressError
        If ``SOURCE_DATE_EPOCH`` is no count of seconds that a date can be made of.
    """
    asked = os.environ.get("SOURCE_DATE_EPOCH", "")
    if asked and not (asked.isascii() and asked.isdigit() and EPOCH <= int(asked) <= LATEST):
        raise PressError(
            f"SOURCE_DATE_EPOCH is {asked!r}",
            mend=f"give whole seconds since 1970, from {EPOCH} (1980, the first date of a zip file)"
            f" to {LATEST}, or unset it",
        )
    return int(asked or _git(root, "log", "-1", "--format=%ct") or EPOCH)


def _commit(root: Path) -> str:
    commit = _git(root, "rev-parse", "HEAD")
    return commit + "+" * bool(commit and _git(root, "status", "--porcelain"))


@dataclass(frozen=True)
class _Cited:
    authors: tuple[str, ...]
    people: tuple[str, ...]
    released: date


def _citation(path: Path) -> _Cited:
    """What the citation file says of the book."""
    try:
        cff = author_yaml.load(author_files.read(path))
        names = tuple(one.get("name") or _full_name(one) for one in cff["authors"])
        people = tuple(_full_name(one) for one in cff["authors"] if not one.get("name"))
        released = date.fromisoformat(str(cff["date-released"]))
        if not names or not all(isinstance(name, str) and _is_line(name) for name in names):
            raise ValueError(f"the authors are {', '.join(map(repr, names)) or 'nobody'}")
    except (OSError, LookupError, TypeError, AttributeError, ValueError, yaml.YAMLError) as error:
        raise PressError(
            "the authors or the date of the book cannot be read",
            path=path,
            mend="a CITATION.cff has 'authors', each with a 'name' or 'given-names' and "
            "'family-names', and 'date-released'",
            detail=f"{type(error).__name__}: {error}",
        ) from None
    for name in names:
        author_files.require_plain(name, f"the author {name!r}", path)
    return _Cited(names, people, released)


def _released_versions(path: Path) -> frozenset[str]:
    """The versions that the record of releases has; what is wrong with it, its own reader says."""
    try:
        return frozenset(json.loads(author_files.read(path)))
    except (FileNotFoundError, ValueError, TypeError):
        return frozenset()


def _is_line(text: str) -> bool:
    return bool(text.strip()) and len(text.splitlines()) == 1


def _full_name(author: Mapping[str, str]) -> str:
    return f"{author['given-names']} {author['family-names']}"


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
