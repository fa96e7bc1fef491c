"""One language more: words, a folder of prose, settings of the edition, columns in the tables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import fake_book

pytestmark = pytest.mark.slow

LANGUAGES = {"zh": "zh-Hans", "en": "en", "de": "de"}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The small book in three languages, built by a press that has words for the third."""
    folder = tmp_path_factory.mktemp("three")
    root = fake_book.write_in_three_languages(folder / "book", folder / "home")
    command = [sys.executable, "-P", "-m", "attnbook.press", "--root", str(root), "build"]
    environment = {**os.environ, "PYTHONPATH": str(folder / "home")}
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "de: pages built" in done.stdout
    return root / "site"


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def test_every_edition_has_the_same_pages(site):
    pages = [
        {path.relative_to(site / code).as_posix() for path in (site / code).rglob("*.html")}
        for code in LANGUAGES
    ]
    assert pages[0] == pages[1] == pages[2]
    assert {"toy.html", "terms.html", "figures/line/index.html", "404.html"} <= pages[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_leads_to_itself_in_the_other_languages(site, language):
    page = read(site / language / "toy.html")
    assert page.html["lang"] == LANGUAGES[language]
    links = {link["data-attn-language"]: link["href"] for link in page.select("a.attn-language")}
    assert links == {other: f"../{other}/toy.html" for other in LANGUAGES if other != language}
    alternate = [link["hreflang"] for link in page.select('link[rel~="alternate"]')]
    assert alternate == [*LANGUAGES.values(), "x-default"]


def test_the_first_two_stand_side_by_side_and_the_third_alone(site):
    has_toggle = {
        code: bool(read(site / code / "toy.html").select("button.attn-beside"))
        for code in LANGUAGES
    }
    assert has_toggle == {"zh": True, "en": True, "de": False}
    assert not list((site / "de").rglob("*.beside.js"))


def test_figures_and_terms_are_in_the_third_language(site):
    assert "gerade Linie" in (site / "de" / "figures" / "line.svg").read_text("utf-8")
    assert "straight line" in (site / "en" / "figures" / "line.svg").read_text("utf-8")
    terms = read(site / "de" / "terms.html").get_text()
    assert "Linie" in terms and "Eine Linie." in terms


def test_the_root_and_the_page_for_lost_readers_offer_all_three(site):
    root, lost = read(site / "index.html"), read(site / "404.html")
    assert [link["data-language"] for link in root.select("nav a")] == list(LANGUAGES)
    assert [form["action"] for form in lost.select("form")] == [
        f"/{code}/index.html" for code in LANGUAGES
    ]
    for link in lost.select("a[data-home]"):
        assert {link["data-home"], *link["data-from"].split()} == {f"/{one}/" for one in LANGUAGES}
    assert fake_book.BOOK_IN_GERMAN in root.h1.get_text()


def test_the_index_for_machines_knows_every_edition(site):
    text = (site / "de" / "figures" / "index.schema.json").read_text("utf-8")
    assert '"de"' in text and '"zh"' in text
