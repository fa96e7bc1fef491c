"""Notes: what a page is given to show beside its references."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from attnbook.press.finishing import finish_page, notes_on_page
from attnbook.press.pages.note import Note
from attnbook.press.pages.reference_notes import sentence
from site_page import article_after, whole

TOLD = {
    "terms.html#term-query": Note("term", "<p>Q</p>"),
    "a.html#eq-1": Note("equation", '<div class="arithmatex">\\[x \\tag{1}\\]</div>'),
    "a.html#fig-f": Note("figure", '<p><img src="~/figures/f.svg" alt="F" width="1"></p>'),
    "a.html#s": Note("section", "<p>S</p>"),
}


def attached(body: str, page: str, address: str = "") -> BeautifulSoup:
    known = {"name": page, "notes": TOLD, "address": address}
    return read(article_after(notes_on_page.attach_notes, body, **known))


def read(text: str) -> BeautifulSoup:
    """``text``, its templates open to the eye: selectors do not look into them."""
    for tag in ("<template", "</template"):
        text = text.replace(tag, tag.replace("template", "aside"))
    return BeautifulSoup(text, "html.parser")


def told(soup: BeautifulSoup) -> dict[str, str]:
    return {str(e["data-for"]): e.decode_contents() for e in soup.select("aside [data-for]")}


def test_a_page_gets_the_notes_that_it_needs_once():
    link = '<a href="terms.html#term-query">query</a>'
    soup = attached(f'<p>{link} {link} <a href="b.html">b</a></p>', "a.html")
    assert told(soup) == {"terms.html#term-query": "<p>Q</p>"}
    assert [a.get("class") for a in soup.select("p > a")] == [["term"], ["term"], None]


def test_a_page_without_references_stays_as_it_is():
    text = '<p><a href="b.html#nothing">b</a></p>'
    assert article_after(notes_on_page.attach_notes, text, notes=TOLD) == text


def test_an_equation_of_the_page_itself_is_not_repeated():
    soup = attached('<a href="#eq-1">(1)</a>', "a.html")
    assert told(soup) == {}
    assert soup.select_one("a.reference")
    assert told(attached('<a href="a.html#eq-1">(1)</a>', "b.html"))


def test_addresses_are_seen_from_the_page():
    body = '<a href="../../a.html#fig-f">f</a>'
    soup = attached(body, "figures/g/index.html")
    assert soup.select_one("aside img")["src"] == "../../figures/f.svg"
    assert not attached(body, "figures/f/index.html").select("aside")  # it shows the figure


def test_links_with_a_class_of_their_own_are_left_alone():
    assert not attached('<a class="headerlink" href="#s">#</a>', "a.html").select("aside")
    assert not attached('<a href="#s" class="headerlink">#</a>', "a.html").select("aside")


@pytest.mark.parametrize("address", ["", "https://b.example/en/"])
def test_a_notebook_s_references_stay_in_it_where_they_can(address):
    base = address or "../"
    body = f'<h2 id="s">S</h2><a href="{base}a.html#s">s</a> <a href="{base}a.html#eq-1">(1)</a>'
    soup = attached(body, "notebooks/a.html", address)
    section, equation = soup.select("a")
    assert section["href"] == "#s"
    assert equation["href"] == "../a.html#eq-1"
    assert set(told(soup)) == {"#s", "../a.html#eq-1"}
    other = attached(body, "notebooks/b.html", address)
    assert [a["href"] for a in other.select("a")] == ["../a.html#s", "../a.html#eq-1"]


def test_a_formula_in_a_note_is_set_and_is_not_the_equation(tmp_path):
    page = whole('<a href="a.html#eq-1">(1)</a>')
    source = tmp_path / "b.md"
    done = finish_page.finish(page, name="b.html", language="en", source=source, notes=TOLD)
    soup = read(done)
    assert soup.select_one("aside .equation .equation-number")
    assert not soup.select("[id]")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("一句。两句。", "一句。"),
        ("**一句话**。两句。", "**一句话**。"),
        ("（真的吗？是的。）好。", "（真的吗？是的。）"),
        ("One is 0.5 of it. Two.", "One is 0.5 of it."),
        ("By Koch et al. (2006). Two.", "By Koch et al. (2006)."),
        ("Let $a. b$ be. Two.", "Let $a. b$ be."),
        ("**It is. Really.** Two.", "**It is. Really.**"),
        ("A colon only:", "A colon only:"),
    ],
)
def test_the_first_sentence(text, first):
    assert sentence(text) == first
