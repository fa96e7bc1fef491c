"""The words for readers in every language, read from the TOML files beside this module.

A language is a file, ``<code>.toml``, with the keys that `keys.Words` has, all of them and no
other, and in every text the same ``{placeholders}`` as the other languages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from string import Formatter
from typing import Any, get_args, get_origin, get_type_hints

from .keys import Words


def load(*folders: Path) -> dict[str, Words]:
    """The words of each language that has a file in one of ``folders``, by its code, in order.

    Raises
    ------
    ValueError
        With file and key: for a key that is unknown, missing or of another type, and for a text
        whose ``{placeholders}`` are not those of the other languages.
    """
    files = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    tables = {code: tomllib.loads(path.read_text("utf-8")) for code, path in files.items()}
    words = {code: _typed(Words, table, files[code].name) for code, table in tables.items()}
    texts = {code: dict(_texts(table)) for code, table in tables.items()}
    for code in texts:
        for other in texts:
            _compare(texts[code], texts[other], f"{files[code].name}, unlike {files[other].name}")
    return dict(sorted(words.items(), key=lambda item: item[1].order))


def _typed(kind: Any, value: Any, place: str) -> Any:
    """``value`` as a ``kind``: a dataclass, a mapping of texts, a tuple, or a plain type."""
    origin = get_origin(kind) or kind
    if not isinstance(value, {tuple: list}.get(origin, dict if is_dataclass(kind) else origin)):
        raise ValueError(f"{place}: expected {kind}, got {value!r}")
    if origin is dict:
        text = get_args(kind)[1]
        return {key: _typed(text, one, f"{place}: {key}") for key, one in value.items()}
    if origin is tuple:
        return tuple(_typed(get_args(kind)[0], one, place) for one in value)
    if not (isinstance(kind, type) and is_dataclass(kind)):
        return value
    types = get_type_hints(kind)
    if unknown := value.keys() - types.keys():
        raise ValueError(f"{place}: {', '.join(sorted(unknown))} is not in words/keys.py")
    if missing := types.keys() - value.keys():
        raise ValueError(f"{place}: {', '.join(sorted(missing))} is missing")
    return kind(**{key: _typed(types[key], value[key], f"{place}: {key}") for key in types})


def _texts(table: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, set[str | None]]]:
    """Every key of ``table``, as a dotted path, with the placeholders of its text."""
    for key, value in table.items():
        if key == "languages":
            continue  # nobody has to know every language
        if isinstance(value, Mapping):
            yield from _texts(value, f"{place}{key}.")
        else:
            fields = Formatter().parse(str(value))
            yield f"{place}{key}", {name for _, name, _, _ in fields if name is not None}


def _compare(texts: Mapping[str, object], others: Mapping[str, object], place: str) -> None:
    if unknown := texts.keys() - others.keys():
        raise ValueError(f"{place}: {', '.join(sorted(unknown))}")
    for key, placeholders in texts.items():
        if placeholders != others[key]:
            raise ValueError(f"{place}: {key} has {placeholders}, the other has {others[key]}")


def called(language: str, by: str) -> str:
    """What ``language`` is called in the language ``by``."""
    return WORDS[by].languages.get(language, WORDS[language].name)


WORDS = load(Path(__file__).parent)
