"""The search's index, made from the finished pages, in the place of Material's.

Material's field and list of results stay, and so does the way they talk to a worker; but what
answers is assets/attnbook/search.js, which Material takes for its worker. Its own worker cuts
Chinese into words and finds no parts of them, knows neither stems nor parts of names, and cannot
start from a disk; and Material has every page fetch the whole index before anybody searches.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from ..source.glossary_table import Term
from . import search_sections
from .search_spellings import spellings

INDEX = "search/sections.js"
# What Material's script wants to see of an index before it asks: over the network, from a disk.
# The separator parts the words that it marks on the page found.
STUB = {"config": {"lang": [], "separator": r"[\s]+", "pipeline": [], "fields": {}}, "docs": []}
STUBS = {"search/search_index.json": "{}", "search/search_index.js": "var __index = {};"}
UNUSED = ("assets/javascripts/workers", "assets/javascripts/lunr")


def finish(edition: Path, language: str, terms: Sequence[Term] = ()) -> None:
    """Write the index of the finished pages at ``edition``, and take away what searched before.

    ``terms`` are those of the glossary, which may have other names than the book uses.
    """
    sections: dict[str, search_sections.Section] = {}
    for page in search_sections.pages(edition):
        text = (edition / page).read_text("utf-8")
        sections |= {place.location: place for place in search_sections.read(text, page, language)}
    texts = (f"{place.title}{place.text}{place.keys}" for place in sections.values())
    index = {
        "sections": [place.entry() for place in sections.values()],
        "spellings": spellings(texts, terms, language),
    }
    write(edition / INDEX, "var attnIndex = {};\n", index)
    for name, frame in STUBS.items():
        write(edition / name, frame, STUB)
    for folder in UNUSED:
        shutil.rmtree(edition / folder, ignore_errors=True)


def write(path: Path, frame: str, data: object) -> None:
    """Write ``data`` as JSON, in the place of ``{}`` in ``frame``."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(frame.replace("{}", text, 1), encoding="utf-8")


def load(edition: Path) -> list[dict[str, str | float]]:
    """The entries of the index at ``edition``."""
    text = (edition / INDEX).read_text("utf-8")
    return json.loads(text.partition("=")[2].rstrip(";\n "))["sections"]
