"""Pictures wait until a reader comes near them, save one that is on the first screen of a page."""

from __future__ import annotations

import unicodedata

from lxml.etree import iterwalk

from .page_tree import Page

# What fits above it on the screen of a phone, in Latin letters; a page's title is among them.
NEAR = 480


def load_first_picture(page: Page) -> None:
    """Have the first picture of the article loaded at once if it is near the top."""
    width = 0
    article = page.first("//article")
    if article is None:
        return
    for event, element in iterwalk(article, events=("start", "end")):
        if event == "start" and element.tag == "img":
            for waiting in ("loading", "fetchpriority"):
                element.attrib.pop(waiting, None)
            element.set("fetchpriority", "high")
            return
        if isinstance(element.tag, str) and element is not article:
            width += _width((element.text if event == "start" else element.tail) or "")
        elif event == "start":
            width += _width(article.text or "")
        if width > NEAR:
            return


def _width(text: str) -> int:
    """How many Latin letters are as wide as ``text``: a Chinese character is as wide as two."""
    signs = "".join(text.split())
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in signs)
