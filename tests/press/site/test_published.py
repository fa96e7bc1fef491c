"""A site that knows where it is published: one page has one address, wherever it is named."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

ADDRESS = "https://book.example/attn"
LOCATION = re.compile(r"<loc>([^<]+)</loc>")
TAGS = {"zh": "zh-Hans", "en": "en"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def published(small, once) -> Path:
    """The small book, built for `ADDRESS`."""

    def build(folder: Path) -> None:
        root = shutil.copytree(small / "book", folder / "book")
        done = subprocess.run(
            [sys.executable, "-P", "-m", "attnbook.press", "--root", str(root), "build"],
            cwd=root,
            capture_output=True,
            text=True,
            env={**os.environ, "SITE_URL": ADDRESS},
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return once("published", build) / "book" / "site"


@pytest.fixture(scope="module")
def pages(published) -> dict[str, BeautifulSoup]:
    """Every page that a reader may stay on, by its path below the site."""
    soups = {
        path.relative_to(published).as_posix(): BeautifulSoup(path.read_text("utf-8"), "lxml")
        for path in sorted(published.glob("??/**/*.html"))
        if path.name != "404.html"
    }
    return {page: soup for page, soup in soups.items() if not soup.select("[http-equiv=refresh]")}


def test_every_place_that_names_a_page_names_it_alike(published, pages):
    listed = {
        address
        for language in TAGS
        for address in LOCATION.findall((published / language / "sitemap.xml").read_text("utf-8"))
    }
    assert len(pages) > 10
    for page, soup in pages.items():
        address = f"{ADDRESS}/{page.removesuffix('index.html')}"
        language = page[:2]
        told = {
            "canonical": soup.select_one("link[rel=canonical]")["href"],
            "hreflang": soup.select_one(f"link[hreflang={TAGS[language]}]")["href"],
            "og:url": soup.select_one("meta[property='og:url']")["content"],
        }
        assert told == dict.fromkeys(told, address), page
        assert address in listed
        other = f"/{'en' if language == 'zh' else 'zh'}/"
        twin = soup.select_one(f"link[hreflang={TAGS[other.strip('/')]}]")["href"]
        assert twin == address.replace(f"/{language}/", other)
        for script in soup.select("script[type='application/ld+json']"):
            assert not re.search(rf"{ADDRESS}[^\"]*/index\.html", script.string or ""), page


def test_the_index_of_figures_gives_the_same_addresses(published, pages):
    index = json.loads((published / "en" / "figures" / "index.json").read_text("utf-8"))
    canonical = {soup.select_one("link[rel=canonical]")["href"] for soup in pages.values()}
    permalinks = re.findall(rf"{ADDRESS}/[^\"]*/figures/[\w-]+/(?=\")", json.dumps(index))
    assert permalinks
    assert set(permalinks) <= canonical


@pytest.mark.parametrize("language", TAGS)
def test_chapters_and_their_notebooks_can_be_run(published, pages, language):
    notebook = f"{language}/notebooks/toy.ipynb"
    for page in (f"{language}/toy.html", f"{language}/notebooks/toy.html"):
        (link,) = pages[page].select(".notebook-links a[href*='colab']")
        start, _, told = link["href"].partition("#fileId=")
        assert start == "https://colab.research.google.com/"
        assert unquote(told) == f"{ADDRESS}/{notebook}"
        assert pages[page].select(".notebook-links a[download]")
    assert (published / notebook).is_file()
    cells = json.loads((published / notebook).read_text("utf-8"))["cells"]
    code = "".join("".join(cell["source"]) for cell in cells if cell["id"] == "install")
    wheel = re.search(r'wheel = "([^"]+)"', code)
    assert (published / "dist" / wheel[1]).is_file()
    assert f'f"{ADDRESS}/dist/{{wheel}}"' in code


def test_a_local_copy_offers_no_run(small):
    page = (small / "book" / "site" / "en" / "toy.html").read_text("utf-8")
    assert "notebook-links" in page
    assert "colab" not in page
