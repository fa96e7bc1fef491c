"""The book on paper as a document: code in lines, places, pages, facts. No browser is needed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup

import imprints
from attnbook.press.base.errors import PressError
from attnbook.press.editions import pdf_code, pdf_document, pdf_fonts, pdf_print
from attnbook.press.editions.manuscript import LINK_ID, LINK_PART, Figure, Heading, Manuscript, Part

BODY = f"""<article><h1 id="one">10.1 One</h1>
<p>See <a {LINK_PART}="one" {LINK_ID}="later">below</a>,
<a {LINK_PART}="one" {LINK_ID}="eq-1">(1)</a> and <a {LINK_PART}="one" {LINK_ID}="knuth">Knuth</a>.
<span class="katex"><span class="katex-mathml"><math><msup><mi>x</mi><mn>2</mn></msup>
<annotation encoding="application/x-tex">x^{{2}}</annotation></math></span>
<span class="katex-html" aria-hidden="true">x2</span></span></p>
<h2 id="later">Later &lt;on&gt;</h2>
<div class="equation" id="eq-1">1</div><p id="knuth">Knuth, D.</p>
<figure id="fig-line"><p><img alt="a line" src="figures/line.svg"></p></figure></article>"""


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf_fonts, "css", lambda: "")
    body = BeautifulSoup(BODY, "lxml").article
    headings = [Heading(1, "10.1 One", "one"), Heading(2, "Later <on>", "later")]
    figures = [Figure(1, "line", 'A "line"', "one", "fig-line")]
    imprint = imprints.imprint("1.2.3", "abc+", date(2026, 1, 2), "", ("The attnbook authors",))
    return Manuscript("en", "About it.", tmp_path, imprint, [Part("one", body, headings)], figures)


def soup(told, pages=None):
    return BeautifulSoup(pdf_document.compose(told, pages or {}), "lxml")


def test_contents_and_figures_name_the_pages_they_are_told(told):
    pages = {"one": 5, "one.later": 7, "one.fig-line": 6}
    document = soup(told, pages)
    rows = [
        (row["href"], row.select_one(".text").get_text(), int(row.select_one(".page").get_text()))
        for row in document.select(".row")
    ]
    assert rows == [
        ("#one", "10.1 One", 5),
        ("#one.later", "Later <on>", 7),
        ("#one.fig-line", 'A "line"', 6),
    ]


def test_every_link_within_the_document_has_its_place(told):
    document = soup(told)
    for link in document.select("a[href^='#']"):
        assert document.find(id=link["href"][1:]) is not None, link


def test_a_link_in_the_text_is_followed_by_its_page_unless_it_is_a_number_or_a_reference(told):
    document = soup(told, {"one.later": 7, "one.eq-1": 8, "one.knuth": 9})
    assert [page.get_text() for page in document.select(".page-of")] == [" (p. 7)"]


def test_a_formula_stands_once_and_says_how_it_reads(told):
    formula = soup(told).select_one("article .katex")
    assert formula.find("math") is None
    assert formula["aria-label"] == "x^2"


def test_the_number_of_a_chapter_is_set_apart(told):
    heading = soup(told).select_one("article h1")
    assert heading.select_one(".chapter-number").get_text() == "10.1"
    assert heading.get_text() == "10.1 One"


def test_a_local_copy_says_what_it_is(told):
    text = soup(told).select_one(".imprint").get_text(" ")
    for fact in ("1.2.3", "2 January 2026", "abc", "not committed", "a local copy", "CC BY 4.0"):
        assert fact in text


def test_nothing_may_come_from_elsewhere_and_no_script_may_run(told):
    policy = soup(told).select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    assert policy.startswith("default-src 'none'")
    assert soup(told).find("script") is None


def test_code_is_set_in_lines_that_keep_their_colours():
    document = BeautifulSoup(
        '<div class="highlight"><pre><code><span class="k">def</span> f():\n\n'
        '<span class="sd">"""One\ntwo."""</span>\n</code></pre></div>',
        "lxml",
    )
    block = document.select_one(".highlight")
    pdf_code.in_lines(document, block)
    lines = block.select(".line")
    assert [line.get_text() for line in lines] == ["def f():", "\u00a0", '"""One', 'two."""']
    assert [span.get_text() for span in block.select(".sd")] == ['"""One', 'two."""']
    assert "short" in block["class"]


def test_long_code_may_break():
    rows = "x\n" * (pdf_code.SHORT + 1)
    document = BeautifulSoup(f'<div class="highlight"><pre><code>{rows}</code></pre></div>', "lxml")
    pdf_code.in_lines(document, document.div)
    assert len(document.select(".line")) == pdf_code.SHORT + 1
    assert "short" not in document.div["class"]


def test_fonts_of_the_machine_are_told_from_those_of_the_book():
    names = ["/AAAAAA+NotoSerifSC-Bold", "/KaTeX_Main-Regular", "/BAAAAA+DejaVuSerif"]
    assert pdf_fonts.foreign(names) == ["DejaVuSerif"]


def printer(marks, pages, font="AAAAAA+SourceSerif4-Regular", shift=lambda call: 0):
    """A printer whose document has a heading on each of ``marks`` of its ``pages``."""
    calls = []

    def print_pdf(source: Path, target: Path) -> None:
        calls.append(source.read_text("utf-8"))
        document = pikepdf.new()
        for _ in range(pages):
            document.add_blank_page()
        document.docinfo["/Producer"] = "a printer"
        with document.open_outline() as outline:
            for mark in marks:
                page = (mark + shift(len(calls))) % pages
                outline.root.append(pikepdf.OutlineItem("as printed", page))
        found = pikepdf.Dictionary(BaseFont=pikepdf.Name(f"/{font}"))
        document.Root.Font = document.make_indirect(found)
        document.save(target)

    return print_pdf, calls


def test_the_book_is_printed_until_it_names_its_own_pages(told, tmp_path):
    print_pdf, calls = printer([0, 1, 2, 3], 5)
    pdf_print.bind(told, tmp_path / "book.pdf", print_pdf)
    assert len(calls) == 2
    with pikepdf.open(tmp_path / "book.pdf") as document:
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == [
                *("Contents", "Figures", "10.1 One", "Later <on>")
            ]
        assert str(document.Root.Lang) == "en"
        assert str(document.docinfo["/Title"]) == "The Attention Book"
        assert str(document.docinfo["/CreationDate"]) == "D:20260102000000Z"


def test_pages_that_never_settle_are_an_error(told, tmp_path):
    print_pdf, calls = printer([0, 1, 2, 3], 5, shift=lambda call: call)
    with pytest.raises(PressError, match="the contents still name other pages"):
        pdf_print.bind(told, tmp_path / "book.pdf", print_pdf)
    assert len(calls) == pdf_print.PRINTINGS


def test_a_font_of_the_machine_is_an_error(told, tmp_path):
    print_pdf, _ = printer([0, 1, 2, 3], 5, font="AAAAAA+DejaVuSans")
    with pytest.raises(PressError, match="a font that is not the book's: DejaVuSans"):
        pdf_print.bind(told, tmp_path / "book.pdf", print_pdf)


def test_an_outline_of_other_headings_is_an_error(told, tmp_path):
    print_pdf, _ = printer([0, 1], 5)
    with pytest.raises(PressError, match="outline has 2 headings, the book 4"):
        pdf_print.bind(told, tmp_path / "book.pdf", print_pdf)


def test_the_same_book_has_the_same_bytes(told, tmp_path):
    for name in ("one", "two"):
        print_pdf, _ = printer([0, 1, 2, 3], 5)
        pdf_print.bind(told, tmp_path / f"{name}.pdf", print_pdf)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
