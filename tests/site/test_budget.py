"""What a reader waits for: the size of every page, from the files as a server sends them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from attnbook.press.formulas import katex_fonts

KB = 1000
HTML, CSS, COLD = 40 * KB, 60 * KB, 500 * KB
# The longest chapter, with all of its exercises; its notebook holds the same.
HTML_OF = dict.fromkeys(("nadaraya-watson.html", "notebooks/nadaraya-watson.html"), 50 * KB)
TEXT = {".html", ".css", ".js", ".json", ".svg"}


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
    }


def sent(path: Path) -> int:
    """The bytes of ``path`` that go over the network."""
    content = path.read_bytes()
    return len(gzip.compress(content, 9, mtime=0)) if path.suffix in TEXT else len(content)


def named(site: Path, page: str, address: str) -> Path:
    return site / urlsplit(urljoin(f"https://site/{page}", address)).path.lstrip("/")


def sheets(soup: BeautifulSoup) -> list[str]:
    return [str(link["href"]) for link in soup.select('link[rel="stylesheet"]')]


def test_html_and_css_keep_to_their_budget(site, pages):
    over = {}
    for page, soup in pages.items():
        html = sent(site / page)
        css = sum(sent(named(site, page, sheet)) for sheet in sheets(soup))
        if html > HTML_OF.get(page.partition("/")[2], HTML) or css > CSS:
            over[page] = (html, css)
    assert over == {}
    assert len(pages) > 60


def test_a_page_waits_for_one_style_sheet_and_no_script(pages):
    for page, soup in pages.items():
        assert len(sheets(soup)) <= 1, page
        for script in soup.select("script[src]"):
            assert script.has_attr("defer"), f"{page}: {script}"
        for script in soup.select("script:not([src]):not([type])"):
            assert len(script.get_text()) < 1500, page


def test_pictures_wait_and_have_their_place(pages):
    seen = eager = 0
    for page, soup in pages.items():
        for number, image in enumerate(soup.select("article img")):
            seen += 1
            assert image.get("width") and image.get("height"), f"{page}: {image['src']}"
            if image.get("loading") != "lazy":
                eager += 1
                assert number == 0, f"{page}: {image['src']} does not wait"
    assert seen > eager > 0


def test_formulas_bring_their_fonts_and_only_they_do(site, pages):
    with_maths = without = 0
    for page, soup in pages.items():
        if not sheets(soup):
            continue
        css = named(site, page, sheets(soup)[0]).read_text("utf-8")
        wanted = soup.select_one(".katex") is not None
        assert ("KaTeX_Main" in css) == wanted, page
        assert css.count("url(data:font/") == (len(katex_fonts.EARLY) if wanted else 0), page
        with_maths, without = with_maths + wanted, without + (not wanted)
    assert with_maths and without


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_heaviest_chapter_is_light(site, pages, language):
    page = f"{language}/nadaraya-watson.html"
    soup = pages[page]
    addresses = {*sheets(soup), *(str(script["src"]) for script in soup.select("script[src]"))}
    addresses |= {str(image["src"]) for image in soup.select("img")}
    files = {site / page, *(named(site, page, address) for address in addresses)}
    # What a search loads, and the fonts, of which no page has all.
    (css,) = [path for path in files if path.suffix == ".css"]
    classes = {name for tag in soup.select("article [class]") for name in _classes(tag)}
    late = re.findall(r"url\(\"?([^)\"]*woff2)", css.read_text("utf-8"))
    assert "mathnormal" in classes and late
    files |= {site / language / name for name in ("search/sections.js", "assets/attnbook/find.js")}
    files |= {css.parent / font for font in late if "Regular" in font}
    assert sum(sent(path) for path in files) <= COLD


def _classes(tag: Tag) -> list[str]:
    return [str(name) for name in tag.get("class") or []]
