"""Pieces of Markdown that several kinds of pages write: front matter, fences, texts of pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping

# The attribute of what every page has and no search result should show; search leaves it out.
UNSEARCHED_NAME = "data-unsearched"
UNSEARCHED = f'{UNSEARCHED_NAME}="true"'


def front_matter(meta: Mapping[str, object]) -> list[str]:
    """``meta`` as the generator reads it, at the top of a page."""
    rows = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in meta.items()]
    return ["---", *rows, "---", ""]


def fence(info: str, text: str) -> list[str]:
    """``text`` in a fence longer than any in it."""
    ticks = "```"
    while ticks in text:
        ticks += "`"
    return [f"{ticks} {info}", *text.splitlines(), ticks]


def escaped(text: str) -> str:
    """Alternative text that Markdown leaves as it is, on one line."""
    text = " ".join(text.split())
    for mark in "\\[]*_`":
        text = text.replace(mark, "\\" + mark)
    return text
