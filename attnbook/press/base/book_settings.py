"""What the press has to know of the book that it prints, as the book's own files say it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from . import author_files, author_yaml, licences
from .errors import PressError

EDITION = "an edition has site_name: its title, and site_description: a sentence"
TABLE = ("tool", "attnbook", "press")
PROJECT = "pyproject.toml"


# What every tool for packages accepts, and no path can hide in.
FORMS = {
    "name": re.compile(r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*"),
    "version": re.compile(r"\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?"),
}


@dataclass(frozen=True)
class BookSettings:
    """The table ``[tool.attnbook.press]`` of pyproject.toml; all of it may be left out.

    Parameters
    ----------
    references
        The page with the list of references, which the ends of sections draw from.
    cover
        The slug of the figure on the covers of PDF and EPUB.
    authors
        What a language calls authors whom CITATION.cff names in another: by language, then by the
        name there.
    licence, code_licence
        The licence of texts and figures, and that of the code, as SPDX names them; `licences` has
        those there are.
    """

    references: str = "about"
    cover: str = ""
    licence: str = "CC-BY-4.0"
    code_licence: str = "MIT"
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
    table = _table(root, *TABLE)
    names = [one.name for one in fields(BookSettings)]
    for name, value in table.items():
        fits = _is_names(value) if name == "authors" else isinstance(value, str)
        if name not in names or not fits:
            raise PressError(
                f"[{'.'.join(TABLE)}] has {name} = {value!r}",
                path=root / PROJECT,
                mend=f"the settings are {', '.join(names)}: see BookSettings in "
                "attnbook/press/base/book_settings.py",
            )
    for names_of_language in table.get("authors", {}).values():
        for name in names_of_language.values():
            author_files.require_plain(name, f"the author {name!r}", root / PROJECT)
    found = BookSettings(**table)
    for name, known in {"licence": licences.OF_TEXT, "code_licence": licences.OF_CODE}.items():
        if (asked := getattr(found, name)) not in known:
            raise PressError(
                f"[{'.'.join(TABLE)}] has {name} = {asked!r}",
                path=root / PROJECT,
                mend=f"name one of {', '.join(known)}, or add it to "
                "attnbook/press/base/licences.py and, if texts have it, to every file of words",
            )
    return found


def _is_names(value: object) -> bool:
    """Whether ``value`` is what `BookSettings.authors` wants: a table of texts per language."""
    return isinstance(value, dict) and all(
        isinstance(names, dict) and all(isinstance(name, str) for name in names.values())
        for names in value.values()
    )


def project(root: Path) -> Project:
    """The package of the book at ``root``.

    Raises
    ------
    PressError
        If pyproject.toml is missing, is not TOML, or has no name and version.
    """
    table = _table(root, "project")
    for name in ("name", "version"):
        if not isinstance(table.get(name), str):
            raise PressError(
                f"[project] has no {name}",
                path=root / PROJECT,
                mend="name the package that the book comes with, and its version",
            )
        if not FORMS[name].fullmatch(table[name]):
            raise PressError(
                f"[project] has {name} = {table[name]!r}",
                path=root / PROJECT,
                mend="a name is letters, digits, and '-', '_' or '.' between them; a version is "
                "like 1.2.3",
            )
    address = _table(root, "project", "urls").get("Documentation", "")
    return Project(table["name"], table["version"], str(address))


def edition(path: Path) -> tuple[str, str]:
    """The title (``site_name``) and description (``site_description``) of an edition.

    ``path`` is its configuration of the generator, `Layout.edition`.

    Raises
    ------
    PressError
        If the file is missing, is not YAML, or lacks one of them.
    """
    config = configuration(path)
    for name in ("site_name", "site_description"):
        if not isinstance(config.get(name), str):
            raise PressError(f"the edition has no {name}", path=path, mend=EDITION)
    texts = [config["site_name"].strip(), config["site_description"].strip()]
    for text in [*texts, *(title for title, _ in navigation(config.get("nav")))]:
        author_files.require_plain(text, f"{text!r}", path)
    return texts[0], texts[1]


def configuration(path: Path) -> dict[str, Any]:
    """The configuration of an edition, with nothing in the place of what only generators read.

    Raises
    ------
    PressError
        If the file is missing, or is no YAML with keys.
    """
    try:
        config = author_yaml.load(author_files.read(path), _Loader)
    except FileNotFoundError:
        raise PressError("this edition has no configuration", path=path, mend=EDITION) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        what = f"the configuration is not YAML: {error.problem}"
        raise PressError(what, path=path, line=line, mend=EDITION) from None
    if not isinstance(config, dict):
        raise PressError("the configuration has no keys", path=path, mend=EDITION)
    return config


def navigation(nav: object, title: str = "") -> Iterator[tuple[str, str]]:
    """Title and target of every entry of ``nav``; a section has no target, a bare page no title."""
    if isinstance(nav, str):
        yield title, nav
        return
    if title:
        yield title, ""
    for one in nav if isinstance(nav, list) else ():
        for name, below in one.items() if isinstance(one, dict) else [("", one)]:
            yield from navigation(below, str(name))


class _Loader(author_yaml.Loader):
    """Reads past the tags that only the generator knows, such as ``!ENV``."""


_Loader.add_multi_constructor("!", lambda *_: None)


def _table(root: Path, *names: str) -> dict[str, Any]:
    """The table of pyproject.toml that ``names`` lead to; empty if it is not there."""
    path = root / PROJECT
    try:
        table: object = tomllib.loads(author_files.read(path))
    except FileNotFoundError:
        raise PressError(
            "the book has no pyproject.toml",
            path=path,
            mend="write one, with name and version in [project]",
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise PressError(f"this is not TOML: {error}", path=path, mend="correct it") from None
    for name in names:
        table = table.get(name, {}) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        place = ".".join(names)
        raise PressError(f"{place} is no table", path=path, mend=f"begin it with [{place}]")
    return table
