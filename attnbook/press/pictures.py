"""Pictures wait until a reader comes near them, save one that is on the first screen of a page."""

from __future__ import annotations

import re

# Characters that fit above it on the screen of a phone; a page's title is among them.
NEAR = 240
ARTICLE = re.compile(r"<article\b[^>]*>")
PICTURE = re.compile(r"<img\b[^>]*>")
MARKUP = re.compile(r"<[^>]*>|\s+")
LAZY = re.compile(r'\sloading="?lazy"?')


def first(html: str) -> str:
    """``html`` with its first picture loaded at once where it is near the top."""
    article = ARTICLE.search(html)
    picture = PICTURE.search(html, article.end()) if article else None
    if not article or not picture:
        return html
    if len(MARKUP.sub("", html[article.end() : picture.start()])) > NEAR:
        return html
    now = LAZY.sub("", picture[0]).replace("<img", '<img fetchpriority="high"', 1)
    return html[: picture.start()] + now + html[picture.end() :]
