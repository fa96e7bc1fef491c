"""What crawlers are told: a sitemap per language, an index of them, robots.txt that names it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from html import escape
from pathlib import Path

from ..words.load import WORDS

CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
ROBOTS = "User-agent: *\nAllow: /\n\nSitemap: {address}/sitemap.xml\n"


def write(site: Path, address: str, day: date) -> None:
    """Write the sitemaps of ``site``, published at ``address``; without an address there are none.

    ``day`` is that of the edition: the same sources give the same sitemap.
    """
    for language in WORDS:
        drop(site / language)
    if not address:
        return
    pages = {language: _pages(site / language, address, language) for language in WORDS}
    for language, names in pages.items():
        urls = "".join(_url(name, language, pages, address, day) for name in names)
        text = f"{HEAD}<urlset {XMLNS} {XHTML}>\n{urls}</urlset>\n"
        (site / language / "sitemap.xml").write_text(text, "utf-8")
    maps = "".join(
        f"<sitemap><loc>{escape(address)}/{language}/sitemap.xml</loc>"
        f"<lastmod>{day.isoformat()}</lastmod></sitemap>\n"
        for language in WORDS
    )
    (site / "sitemap.xml").write_text(
        f"{HEAD}<sitemapindex {XMLNS}>\n{maps}</sitemapindex>\n", "utf-8"
    )
    (site / "robots.txt").write_text(ROBOTS.format(address=address), "utf-8")


def drop(edition: Path) -> None:
    """Remove the generator's own sitemap of ``edition``, which knows no twins."""
    for path in edition.glob("sitemap.xml*"):
        path.unlink()


def _pages(folder: Path, address: str, language: str) -> list[str]:
    """The pages below ``folder`` that are canonical, by their addresses as seen from it."""
    start = f"{address}/{language}/"
    pages = []
    for path in sorted(folder.rglob("*.html")):
        canonical = CANONICAL.search(path.read_text("utf-8"))
        name = start + path.relative_to(folder).as_posix()
        if canonical and canonical[1] in (name, name.removesuffix("index.html")):
            pages.append(canonical[1].removeprefix(start))
    return pages


def _url(name: str, language: str, pages: dict[str, list[str]], address: str, day: date) -> str:
    twins: Iterable[str] = [code for code in WORDS if name in pages[code]]
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{WORDS[code].tag}" '
        f'href="{escape(f"{address}/{code}/{name}")}"/>'
        for code in twins
    )
    return (
        f"<url><loc>{escape(f'{address}/{language}/{name}')}</loc>"
        f"<lastmod>{day.isoformat()}</lastmod>{links}</url>\n"
    )
