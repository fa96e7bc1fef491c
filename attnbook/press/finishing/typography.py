"""What good setting of Chinese asks of a page, and what machine translation shall leave alone."""

from __future__ import annotations

import re

from ..words.load import WORDS
from .page_tree import Page, is_of_class, new

COLON = re.compile(r"：|:\s")
HAN = re.compile(r"[\u3400-\u9fff]")


def mark_latin_emphasis(page: Page) -> None:
    """Let titles in Latin letters keep their italics among Han characters, which have none."""
    if WORDS[page.language].script == "Han":
        for emphasis in page.all("//em[not(@*)][not(*)]"):
            if not HAN.search(emphasis.text or ""):
                emphasis.set("class", "latin")


def break_titles_at_sense(page: Page) -> None:
    """Keep what follows the colon of a title together: a narrow screen breaks the line there."""
    for title in page.all("//article//h1"):
        text = title.text or ""
        if colon := COLON.search(text):
            title.text = text[: colon.end()]
            title.insert(0, new("span", {"class": "phrase"}, text[colon.end() :]))


def keep_from_translators(page: Page) -> None:
    """Mark formulas, code, outputs and citations as what no browser translates."""
    kept = (f"//*[{is_of_class('katex')}]", "//article//code", f"//*[{is_of_class('cite-text')}]")
    for element in page.all(" | ".join(kept)):
        element.set("translate", "no")
