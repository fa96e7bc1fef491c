"""Pages as a generator writes them, for tests of what is done to them afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from attnbook.press.finishing import page_tree
from attnbook.press.finishing.page_tree import Page

HEAD = '<meta charset="utf-8"><title>t</title><meta name="description" content="d">'
SEARCH = (
    '<div class="md-search" data-md-component="search" role="dialog">'
    '<input class="md-search__input" aria-label="Find"></div>'
)


def whole(article: str) -> str:
    """A whole page around an ``article``."""
    body = f'{SEARCH}<article class="md-typeset">{article}</article>'
    return f"<!doctype html>\n<html><head>{HEAD}</head><body>{body}</body></html>"


def article(page: str) -> str:
    """What stands in the article of a ``page``."""
    return page.partition('<article class="md-typeset">')[2].partition("</article>")[0]


def after(transform: Callable[[Page], None], text: str, **known: Any) -> str:
    """The whole page ``text`` after one ``transform``; ``known`` goes to `Page`."""
    known = {"name": "a.html", "language": "en", "source": Path("stage/a.md"), **known}
    page = Page(page_tree.parse(text), **known)
    transform(page)
    return page_tree.serialise(page.root)


def article_after(transform: Callable[[Page], None], text: str, **known: Any) -> str:
    """What stands in the article ``text`` after one ``transform``."""
    return article(after(transform, whole(text), **known))
