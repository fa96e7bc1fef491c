"""What good setting of Chinese asks of a page."""

from __future__ import annotations

import re

from ..words.load import WORDS
from .page_tree import Page

HAN = re.compile(r"[\u3400-\u9fff]")


def mark_latin_emphasis(page: Page) -> None:
    """Let titles in Latin letters keep their italics among Han characters, which have none."""
    if WORDS[page.language].script == "Han":
        for emphasis in page.all("//em[not(@*)][not(*)]"):
            if not HAN.search(emphasis.text or ""):
                emphasis.set("class", "latin")
