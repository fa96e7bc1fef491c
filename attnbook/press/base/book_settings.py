"""What the press has to know of the book that it prints, as the book's own files say it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from . import author_files
from .errors import PressError

TABLE = "tool.attnbook.press"
PROJECT = "pyproject.toml"


@dataclass(frozen=True)
class BookSettings:
    """The table ``[tool.attnbook.press]`` of pyproject.toml; all of it may be left out.

    Parameters
    ----------
    references
        The page with the list of references, which the ends of sections draw from.
    cover
        The slug of the figure on the cover of the EPUB.
    authors
        What a language calls authors whom CITATION.cff names in another: by language, then by the
        name there.
    """

    references: str = "about"
    cover: str = ""
    authors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """The ``[project]`` of pyproject.toml: the package that the book comes with, and its version.

    The chapters stand in the package, which has the version of the book. ``address`` is where the
    site is published, from ``Documentation`` in ``urls``; empty where that is missing.
    """

    package: str
    version: str
    address: str = ""

    @property
    def module(self) -> str:
        """The name by which Python imports the package."""
        return module(self.package)


def module(package: str) -> str:
    """The name by which Python imports ``package``, and which begins the name of its wheel."""
    return re.sub("[-_.]+", "_", package).lower()


def settings(root: Path) -> BookSettings:
    """The settings of the book at ``root``.

    Raises
    ------
    PressError
        If pyproject.toml is missing or not TOML, and for a setting that is unknown or of the wrong
        kind.
    """
    table = _pyproject(root).get("tool", {}).get("attnbook", {}).get("press", {})
    kinds = {one.name: type(one.default) for one in fields(BookSettings)}
    kinds["authors"] = dict
    for name, value in table.items():
        if name not in kinds or not isinstance(value, kinds[name]):
            raise PressError(
                f"[{TABLE}] has {name} = {value!r}",
                path=root / PROJECT,
                mend=f"the settings are {', '.join(kinds)}: see BookSettings in "
                "attnbook/press/base/book_settings.py",
            )
    return BookSettings(**table)


def project(root: Path) -> Project:
    """The package of the book at ``root``.

    Raises
    ------
    PressError
        If pyproject.toml is missing, is not TOML, or has no name and version.
    """
    table = _pyproject(root).get("project", {})
    try:
        package, version = str(table["name"]), str(table["version"])
    except KeyError as error:
        raise PressError(
            f"[project] has no {error.args[0]}",
            path=root / PROJECT,
            mend="name the package that the book comes with, and its version",
        ) from None
    return Project(package, version, str(table.get("urls", {}).get("Documentation", "")))


def edition(path: Path) -> dict[str, str]:
    """The title (``site_name``) and description (``site_description``) of an edition.

    ``path`` is its configuration of the generator, `Layout.edition`.

    Raises
    ------
    PressError
        If the file is missing, is not YAML, or lacks one of them.
    """
    mend = "an edition has site_name: its title, and site_description: a sentence"
    try:
        config = yaml.load(author_files.read(path), _Loader)
    except FileNotFoundError:
        raise PressError("this edition has no configuration", path=path, mend=mend) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        what = f"the configuration is not YAML: {error.problem}"
        raise PressError(what, path=path, line=line, mend=mend) from None
    names = ("site_name", "site_description")
    for name in names:
        if not (isinstance(config, dict) and isinstance(config.get(name), str)):
            raise PressError(f"the edition has no {name}", path=path, mend=mend)
    return {name: config[name].strip() for name in names}


class _Loader(yaml.SafeLoader):
    """Reads past the tags that only the generator knows, such as ``!ENV``."""


_Loader.add_multi_constructor("!", lambda *_: None)


def _pyproject(root: Path) -> dict[str, Any]:
    path = root / PROJECT
    try:
        return tomllib.loads(author_files.read(path))
    except FileNotFoundError:
        raise PressError(
            "the book has no pyproject.toml",
            path=path,
            mend="write one, with name and version in [project]",
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise PressError(f"this is not TOML: {error}", path=path, mend="correct it") from None
