"""The gallery and the pages of the figures, on the real site."""

import csv
import hashlib
import io
import json

import pytest
from bs4 import BeautifulSoup

from attnbook.press.words.load import WORDS


@pytest.fixture(scope="module", params=WORDS)
def edition(site, request):
    return site / request.param


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def drawn(edition):
    """Slugs of the figures in the chapters, in the order in which they stand."""
    pages = (
        "lecture-notes",
        "attention-cues",
        "nadaraya-watson",
        "kernels",
        "from-kernel-to-dot-product",
    )
    return {
        page: [
            figure["id"].removeprefix("fig-")
            for figure in soup(edition / f"{page}.html").select("figure.figure")
        ]
        for page in pages
    }


def test_the_gallery_shows_every_figure_of_the_book_once(edition):
    cards = soup(edition / "figures" / "index.html").select(".gallery-card")
    shown = [card.a["href"].removesuffix("/index.html") for card in cards]
    assert sorted(shown) == sorted(slug for slugs in drawn(edition).values() for slug in slugs)
    assert {card["data-kind"] for card in cards} == {"plot", "heat map", "diagram"}
    for page, slugs in drawn(edition).items():
        of_page = [card for card in cards if card["data-chapter"] == page]
        assert [card.a["href"].removesuffix("/index.html") for card in of_page] == slugs


def test_the_page_of_a_figure_tells_all_about_it(edition):
    for page, slugs in drawn(edition).items():
        chapter = soup(edition / f"{page}.html")
        for slug in slugs:
            own = soup(edition / "figures" / slug / "index.html")
            in_text = chapter.find(id=f"fig-{slug}")
            assert own.find("figure").img["alt"] == in_text.img["alt"]
            alternative = own.find(id="alternative-text").find_next_sibling("p")
            assert alternative.get_text() == in_text.img["alt"]
            code = own.find(id="code").find_next_siblings("div")[0].get_text().strip()
            assert code == chapter.find(id=f"cell-{slug}").select_one("code").get_text().strip()
            places = {link["href"] for link in own.select("article a[href*='#']")}
            assert f"../../{page}.html#fig-{slug}" in places
            assert own.find(id="licence") and own.find(id="provenance")
            # A figure without data has no fingerprint of data.
            has_data = (edition / "figures" / f"{slug}.csv").exists()
            provenance = own.find(id="provenance").find_next_sibling("ul").get_text()
            assert ("SHA-256" in provenance) == has_data
            downloads = own.find(id="downloads").find_next_sibling("ul").select("a")
            assert len(downloads) >= 3 + has_data
            for link in downloads:
                assert (edition / "figures" / slug / link["href"]).stat().st_size > 100


def test_the_data_can_be_read_by_a_spreadsheet(edition):
    tables = sorted((edition / "figures").glob("*.csv"))
    assert len(tables) >= 15
    for path in tables:
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")  # or Excel takes Chinese for something else
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) > 2
        assert {len(row) for row in rows} == {len(rows[0])}


def test_a_local_copy_does_not_pretend_to_know_its_address(edition):
    slug = "nonparametric-heatmap"
    text = soup(edition / "figures" / slug / "index.html").find(id="provenance").parent.get_text()
    assert f"{edition.name}/figures/{slug}/" in text
    assert f"http://{edition.name}" not in text and "https:///" not in text


def test_the_page_of_a_figure_knows_every_file_of_it(edition):
    index = json.loads((edition / "figures" / "index.json").read_text(encoding="utf-8"))
    assert len(index["figures"]) == sum(map(len, drawn(edition).values()))
    for figure in index["figures"]:
        page = soup(edition / "figures" / figure["slug"] / "index.html")
        known = json.loads(page.select_one(".verify script").string)["known"]
        for file in figure["files"]:
            content = (edition / "figures" / file["name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
            assert file["sha256"] in known
