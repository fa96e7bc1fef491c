"""Sitemaps, and what a page says to sites that show previews of it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from bs4 import BeautifulSoup

from attnbook.press.finishing import link_preview
from attnbook.press.site import sitemap
from site_page import after

SITE = "https://example.org/book"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def site(tmp_path):
    def page(name: str, canonical: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'<link rel="canonical" href="{SITE}/{canonical}">', "utf-8")

    for language in ("zh", "en"):
        page(f"{language}/index.html", f"{language}/")
        page(f"{language}/figures/a/index.html", f"{language}/figures/a/")
        page(f"{language}/figures/old/index.html", f"{language}/figures/a/")
        (tmp_path / language / "404.html").write_text("none", "utf-8")
        (tmp_path / language / "sitemap.xml").write_text("<loc>None</loc>", "utf-8")
        (tmp_path / language / "sitemap.xml.gz").write_bytes(b"")
    page("zh/only.html", "zh/only.html")
    return tmp_path


def test_each_language_lists_its_pages_with_their_twins(site):
    sitemap.write(site, SITE, date(2026, 11, 24))
    urls = ET.parse(site / "zh" / "sitemap.xml").findall("s:url", NAMES)
    told = {
        url.findtext("s:loc", None, NAMES): [
            link.get("href") for link in url.findall("x:link", NAMES)
        ]
        for url in urls
    }
    assert told == {
        f"{SITE}/zh/figures/a/": [f"{SITE}/zh/figures/a/", f"{SITE}/en/figures/a/"],
        f"{SITE}/zh/": [f"{SITE}/zh/", f"{SITE}/en/"],
        f"{SITE}/zh/only.html": [f"{SITE}/zh/only.html"],
    }
    assert {url.findtext("s:lastmod", None, NAMES) for url in urls} == {"2026-11-24"}


def test_the_root_names_both_and_robots_name_the_root(site):
    sitemap.write(site, SITE, date(2026, 11, 24))
    found = ET.parse(site / "sitemap.xml").findall("s:sitemap/s:loc", NAMES)
    assert [loc.text for loc in found] == [f"{SITE}/zh/sitemap.xml", f"{SITE}/en/sitemap.xml"]
    assert f"Sitemap: {SITE}/sitemap.xml" in (site / "robots.txt").read_text("utf-8")
    assert not list(site.rglob("*.gz"))


def test_without_an_address_there_are_none(site):
    sitemap.write(site, "", date(2026, 11, 24))
    assert not list(site.rglob("sitemap.xml*")) and not (site / "robots.txt").exists()


HEAD = (
    "<title>A &amp; B - The Attention Book</title>"
    '<meta name="description" content="Says &quot;x&quot;.">{canonical}'
)
CANONICAL = f'<link rel="canonical" href="{SITE}/en/figures/a/">'


def tags(html: str) -> dict[str, str]:
    soup = BeautifulSoup(html, "html.parser")
    return {str(tag["property"]): str(tag["content"]) for tag in soup.select("meta[property]")}


def described(head: str, **known) -> str:
    page = f"<html><head>{head}</head><body></body></html>"
    book = "The Attention Book"
    return after(link_preview.describe_for_previews, page, book=book, **known)


def test_a_preview_names_the_page_s_own_card(tmp_path):
    (tmp_path / "cards").mkdir()
    for name in ("index", "figures-a"):
        (tmp_path / "cards" / f"{name}.png").write_bytes(b"")
    html = HEAD.format(canonical=CANONICAL)
    source = tmp_path / "figures" / "a" / "index.md"
    told = tags(described(html, name="figures/a/index.html", source=source))
    assert told["og:title"] == "A & B" and told["og:description"] == 'Says "x".'
    assert told["og:image"] == f"{SITE}/en/cards/figures-a.png"
    other = tags(described(html, name="about.html", source=tmp_path / "about.md"))
    assert other["og:image"] == f"{SITE}/en/cards/index.png"


def test_a_local_copy_has_a_preview_without_a_card(tmp_path):
    html = described(HEAD.format(canonical=""), name="a.html", source=tmp_path / "a.md")
    assert "og:image" not in tags(html) and tags(html)["og:title"] == "A & B"
    assert 'name="twitter:card" content="summary"' in html
