"""The second seam: other generators build what the press stages, and finishing completes it."""

from __future__ import annotations

import difflib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from attnbook.press.words.load import WORDS

pytestmark = pytest.mark.slow

# What a generator leaves, of its own and in the theme's place, beside what all of them have.
OWN_FILES = {"properdocs": set(), "zensical": {f"{code}/search.json" for code in WORDS}}
# What a generator does otherwise than MkDocs, named here so that a change of it is seen.
#   Its article begins with the anchor that Material has before it, for readers who skip the menu.
OWN_LINES = {"properdocs": set(), "zensical": {' <a id="__skip" tabindex="-1">', " </a>"}}


@pytest.fixture(scope="module", params=["properdocs", "zensical"])
def built(request, small, tmp_path_factory) -> tuple[str, Path]:
    """A generator's name, and the site that it made of the small book."""
    # A copy of the built one: its chapter was executed there.
    root = shutil.copytree(small / "book", tmp_path_factory.mktemp(request.param) / "book")
    command = [sys.executable, "-P", "-m", "attnbook.press", "--root", str(root), "build"]
    command += ["--generator", request.param]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return request.param, root / "site"


def files(site: Path) -> set[str]:
    """Every file of ``site`` but those of the theme, which are the generator's."""
    names = (path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    return {name for name in names if "/assets/" not in name}


def pages(site: Path) -> list[Path]:
    return [path for path in sorted(site.rglob("*.html")) if path.name != "404.html"]


def article(page: Path) -> list[str]:
    found = BeautifulSoup(page.read_text("utf-8"), "html.parser").find("article")
    return found.prettify().splitlines() if found else []


def test_the_same_files_come_out(built, small):
    name, site = built
    assert files(site) == files(small / "book" / "site") | OWN_FILES[name]


def test_every_page_says_the_same(built, small):
    name, site = built
    compared = 0
    for page in pages(site):
        twin = small / "book" / "site" / page.relative_to(site)
        rows = difflib.unified_diff(article(twin), article(page), lineterm="", n=0)
        other = {row[1:] for row in rows if row[0] in "+-" and row[:3] not in ("+++", "---")}
        assert other <= OWN_LINES[name], page
        compared += bool(article(page))
    assert compared >= 10


@pytest.mark.parametrize("language", WORDS)
def test_formulas_ids_references_and_the_policy_are_there(built, language):
    _, site = built
    for page in ("toy.html", "notebooks/toy.html"):
        soup = BeautifulSoup((site / language / page).read_text("utf-8"), "html.parser")
        assert soup.select("#eq-1 .katex-html") and soup.select("h2#numbers")
        assert soup.select_one("a.reference[href='#eq-1']")
        assert soup.select_one("meta[http-equiv=Content-Security-Policy]")
        assert not soup.select("[style]")
        switch = [link["data-attn-language"] for link in soup.select("a.attn-language")]
        assert switch == [code for code in WORDS if code != language]
        assert not soup.select("link[rel=canonical]")  # nobody knows where it is published


def test_both_languages_stand_side_by_side(built):
    _, site = built
    for language in WORDS:
        assert "attnBeside" in (site / language / "toy.beside.js").read_text("utf-8")
