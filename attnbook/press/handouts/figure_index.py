"""The index of the figures for machines: ``<language>/figures/index.json`` and its JSON Schema."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..base.errors import PressError
from ..base.imprint import Imprint
from ..base.templates import templates
from ..figures.figure_record import Record
from ..words.load import WORDS
from .formats import FORMATS, listed

NAME = "index.json"
SCHEMA = "index.schema.json"


@dataclass(frozen=True)
class Entry:
    """A figure in one language, the content of its files by name, and its citations by style.

    Names are as in ``<language>/figures/``, such as ``one-query.dark.svg``; the styles are ``apa``
    and ``gbt7714``.
    """

    record: Record
    files: Mapping[str, bytes]
    citations: Mapping[str, str]


def index(entries: Sequence[Entry], imprint: Imprint, language: str) -> str:
    """The index of ``entries``, in their order, as JSON.

    Raises
    ------
    PressError
        For an entry in another language, and for a file that is not of its figure or of no
        format.
    """
    for entry in entries:
        if entry.record.language != language:
            raise PressError(
                f"the index in {language} got the figure {entry.record.slug!r} in "
                f"{entry.record.language}",
                mend="make an index of each language from its own figures",
            )
    index = {
        "$schema": SCHEMA,
        "book": _book(imprint, language),
        "figures": [_figure(entry) for entry in entries],
    }
    return json.dumps(index, ensure_ascii=False, indent=1) + "\n"


def schema() -> bytes:
    """The JSON Schema (draft 7) of the index, as it lies beside it."""
    roles = list(dict.fromkeys(kind.role for kind in FORMATS.values()))
    template = templates(Path(__file__).with_name("templates")).get_template(SCHEMA)
    return (template.render(languages=list(WORDS), roles=roles) + "\n").encode()


def load(site: Path) -> dict[str, dict[str, Any]]:
    """The indexes of the built ``site``, by language.

    Raises
    ------
    PressError
        If one is not there.
    """
    indexes: dict[str, dict[str, Any]] = {}
    for language in WORDS:
        path = site / language / "figures" / NAME
        try:
            indexes[language] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise PressError(
                "there is no index of the figures", path=path, mend="build the site: nox -s build"
            ) from None
    return indexes


def sha256(content: bytes) -> str:
    """The SHA-256 of ``content``, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _book(imprint: Imprint, language: str) -> dict[str, object]:
    return {
        "title": imprint.title(language),
        "language": language,
        "package": imprint.package,
        "version": imprint.version,
        "released": imprint.released,
        "commit": imprint.commit or None,
        "date": imprint.date.isoformat(),
        "address": imprint.address or None,
        "authors": list(imprint.authors),
        "licence": imprint.licence.address,
        "code_licence": imprint.code_licence.address,
    }


def _figure(entry: Entry) -> dict[str, object]:
    record = entry.record
    return {
        "slug": record.slug,
        "kind": record.kind,
        "title": record.title,
        "caption": record.caption,
        "alt": record.alt,
        "description": record.description or None,
        "chapter": {
            "title": record.chapter,
            "page": f"{record.language}/{record.page}.html#fig-{record.slug}",
        },
        "cell": record.cell,
        "seeds": list(record.seeds),
        "dataDigest": record.digest or None,
        "width": round(record.width, 2),
        "height": round(record.height, 2),
        "path": record.path,
        "permalink": record.address or None,
        "citation": dict(sorted(entry.citations.items())),
        "files": [
            {
                "name": name,
                "role": FORMATS[suffix].role,
                "type": FORMATS[suffix].media_type,
                "bytes": len(entry.files[name]),
                "sha256": sha256(entry.files[name]),
            }
            for name, suffix in listed(record.slug, list(entry.files)).items()
        ],
    }
