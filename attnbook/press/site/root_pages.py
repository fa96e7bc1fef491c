"""The pages at the root of the site: the choice of a language, and where there is no page."""

from __future__ import annotations

from html import escape
from pathlib import Path
from textwrap import indent
from urllib.parse import urlsplit

from ..base.ornament import KEYS, QUERIES, weight
from ..words.load import WORDS

STYLES = ("faces", "plain")


def root_page(theme: Path, address: str = "") -> str:
    """The page, which needs nothing beside itself: styles, script and picture are inside.

    ``theme`` is the folder of the book's templates. Search engines are told where it and the
    languages are, if the site's ``address`` is known: they take no relative addresses.
    """
    page = _read(theme, "root.html").replace("<!-- weights -->", _weights())
    return page.replace("<!-- addresses -->", _addresses(address) if address else "")


def _addresses(address: str) -> str:
    own = f"{escape(address)}/"
    twins = {language.tag: f"{own}{code}/index.html" for code, language in WORDS.items()}
    links = [f'<link rel="canonical" href="{own}">']
    for tag, place in {**twins, "x-default": own}.items():
        links.append(f'<link rel="alternate" hreflang="{tag}" href="{place}">')
    return "".join(f"\n    {link}" for link in links)


def lost_page(theme: Path, address: str) -> str:
    """What a server shows for an address without a page, as ``404.html`` of the whole site.

    It is shown at any depth, so its links begin at the server's root; ``address`` is the site's,
    and where it is empty the site is taken to lie there.
    """
    root = urlsplit(address).path.rstrip("/") + "/"
    return _read(theme, "lost.html").replace("{root}", root)


def _read(theme: Path, name: str) -> str:
    sheets = theme / "overrides" / "assets" / "attnbook"
    style = "\n".join((sheets / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    page = (theme / name).read_text(encoding="utf-8")
    return page.replace("/* <!-- style --> */", indent(style, " " * 6).strip())


def _weights() -> str:
    """The book's subject as an ornament: the attention weights of a few queries over their keys."""
    squares = [
        f'<rect x="{10 * key}" y="{10 * row}" width="9" height="9" rx="1.5"'
        f' opacity="{0.06 + 0.94 * weight(row, key):.2f}"/>'
        for row in range(QUERIES)
        for key in range(KEYS)
    ]
    size = f"{10 * KEYS - 1} {10 * QUERIES - 1}"
    return f'<svg viewBox="0 0 {size}" aria-hidden="true">{"".join(squares)}</svg>'
