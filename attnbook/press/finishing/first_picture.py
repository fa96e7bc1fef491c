"""Pictures wait until a reader comes near them, save one that is on the first screen of a page."""

from __future__ import annotations

import re
import unicodedata

# What fits above it on the screen of a phone, in Latin letters; a page's title is among them.
NEAR = 480
ARTICLE = re.compile(r"<article\b[^>]*>")
PICTURE = re.compile(r"<img\b[^>]*>")
MARKUP = re.compile(r"<[^>]*>|\s+")
WAITING = re.compile(r'\s(?:loading="?lazy"?|fetchpriority="?low"?)')


def first(html: str) -> str:
    """``html`` with its first picture loaded at once where it is near the top."""
    article = ARTICLE.search(html)
    picture = PICTURE.search(html, article.end()) if article else None
    if not article or not picture:
        return html
    if _width(MARKUP.sub("", html[article.end() : picture.start()])) > NEAR:
        return html
    now = WAITING.sub("", picture[0]).replace("<img", '<img fetchpriority="high"', 1)
    return html[: picture.start()] + now + html[picture.end() :]


def _width(text: str) -> int:
    """How many Latin letters are as wide as ``text``: a Chinese character is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
