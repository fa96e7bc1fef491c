"""The book on paper, printed by the system's Chromium from the whole site."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdf
import pytest

from attnbook.press.base.book_paths import Layout
from attnbook.press.base.imprint import Imprint
from attnbook.press.editions import manuscript, pdf_document, pdf_fonts
from attnbook.press.editions.manuscript import Manuscript
from attnbook.press.words.load import WORDS

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, **environment):
    command = [sys.executable, "-m", "attnbook.press", "pdf", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **environment)


@dataclass
class Book:
    """A printed book, and the manuscript that it was printed from."""

    path: Path
    told: Manuscript
    reader: pypdf.PdfReader
    texts: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


@pytest.fixture(scope="module")
def printed(browser, site, tmp_path_factory):
    """The folder with the book in both languages."""
    folder = tmp_path_factory.mktemp("dist")
    done = run("--site", site, "--to", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module", params=["zh", "en"])
def book(request, printed, site):
    layout = Layout(ROOT)
    told = manuscript.read(layout, site, request.param, Imprint.read(layout))
    path = printed / f"attnbook-{told.imprint.version}-{request.param}.pdf"
    reader = pypdf.PdfReader(path)
    return Book(path, told, reader, [page.extract_text() for page in reader.pages])


def bare(text):
    """Text without what lines and fonts do to it: spaces, and where formulas bend."""
    return re.sub(r"[\s\u200b]", "", text)


def outline(reader):
    """Title and page, counted from 1, of all entries, in order."""

    def walk(entries):
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry)
            else:
                yield entry.title, reader.get_destination_page_number(entry) + 1

    return list(walk(reader.outline))


def test_it_has_the_pages_of_a_book_of_its_length(book):
    assert 60 <= len(book.reader.pages) <= 130
    box = book.reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)  # A4


def test_it_comes_over_a_slow_line(book):
    # What Chromium cannot draw it makes a picture of, without a word: dots were seven megabytes.
    assert book.path.stat().st_size < 2_500_000


def test_its_text_can_be_searched(book):
    words = {
        "zh": ("注意力汇聚", "核回归", "自主性提示", "留一交叉验证", "高斯核"),
        "en": ("attention pooling", "kernel regression", "leave-one-out", "volitional"),
    }
    text = bare(book.text)
    assert all(bare(word) in text for word in words[book.told.language])
    assert "\ufffd" not in text


def test_every_heading_is_in_the_outline_with_its_page(book):
    marks = outline(book.reader)
    assert [title for title, _ in marks] == [h.text for h in pdf_document.headings(book.told)]
    for heading, (title, page) in marked(book):
        if heading.id not in with_formulas(book.told):  # whose letters are found in any order
            assert bare(title) in bare(book.texts[page - 1]), (title, page)
    assert [page for _, page in marks] == sorted(page for _, page in marks)


def marked(book):
    return list(zip(pdf_document.headings(book.told), outline(book.reader), strict=True))


def with_formulas(told):
    """The places of headings that hold a formula."""
    return {
        f"{part.name}.{formula.find_parent(re.compile('^h[1-6]$'))['id']}"
        for part in told.parts
        for formula in part.body.select(":is(h1, h2, h3, h4) .katex")
    }


def test_chapters_start_on_a_page_of_their_own(book):
    pages = dict(outline(book.reader))
    for part in book.told.parts:
        page = pages[part.title]
        head = bare(f"{book.told.title}{part.title}{page}")
        start = bare(book.texts[page - 1])
        assert start.startswith(head)
        assert start.removeprefix(head).startswith(bare(part.title))


def test_contents_name_the_pages_of_the_outline(book):
    pages = {heading.id: page for heading, (_, page) in marked(book)}
    words = WORDS[book.told.language].paper
    first, second = pages["contents"], pages["figures"]
    listed = bare("".join(book.texts[first - 1 : second - 1]))
    for part in book.told.parts:
        assert bare(part.title) + str(pages[part.name + "." + part.headings[0].id]) in listed
        for heading in part.headings:
            if heading.level == 2:
                assert bare(heading.text) + str(pages[f"{part.name}.{heading.id}"]) in listed
    assert words.contents in listed


def test_figures_are_numbered_and_listed_with_their_pages(book):
    words, places = WORDS[book.told.language].paper, book.reader.named_destinations
    second = next(page for heading, (_, page) in marked(book) if heading.id == "figures")
    listed = bare(book.texts[second - 1])
    assert [figure.number for figure in book.told.figures] == list(
        range(1, len(book.told.figures) + 1)
    )
    for figure in book.told.figures:
        place = places[f"/{figure.part}.{figure.id}"]
        page = book.reader.get_destination_page_number(place) + 1
        label = bare(words.figure.format(number=figure.number))
        assert label + bare(figure.title) + str(page) in listed
        assert label in bare(book.texts[page - 1])


def test_equations_keep_their_numbers(book):
    for number in range(1, 8):
        assert f"(10.2.{number})" in bare(book.text)


def test_links_lead_to_places_in_it_or_to_the_web(book):
    places, inside, outside = set(book.reader.named_destinations), 0, set()
    for page in book.reader.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            if link.get("/Subtype") != "/Link":
                continue
            action = link.get("/A", {})
            if "/URI" in action:
                outside.add(str(action["/URI"]))
            else:
                assert str(link["/Dest"]) in places
                inside += 1
    assert inside > 100
    assert "https://doi.org/10.1137/1109020" in outside
    assert all(url.startswith("https://") for url in outside)


def test_pages_named_in_the_text_are_those_of_the_links(book):
    form = re.escape(bare(WORDS[book.told.language].paper.page)).replace(r"\{page\}", r"(\d+)")
    named = [int(page) for page in re.findall(form, bare("".join(book.texts)))]
    assert len(named) > 40
    assert set(named) <= set(range(1, len(book.reader.pages) + 1))


def test_all_fonts_are_embedded_and_of_the_book(book):
    names = set()
    with pikepdf.open(book.path) as document:
        for thing in document.objects:
            if not isinstance(thing, pikepdf.Dictionary) or thing.get("/Type") != "/Font":
                continue
            names.add(str(thing.get("/BaseFont", "")))
            if "/FontDescriptor" in thing:
                assert any(f"/FontFile{kind}" in thing.FontDescriptor for kind in ("", 2, 3))
            else:
                assert str(thing.Subtype) in ("/Type0", "/Type3")
    assert len(names) > 5
    assert pdf_fonts.foreign(names) == []


def test_it_is_tagged_for_screen_readers(book):
    kinds, figures, formulas = {}, set(), 0
    with pikepdf.open(book.path) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == WORDS[book.told.language].tag
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/S" in thing and "/P" in thing:
                kind = str(thing.S)
                kinds[kind] = kinds.get(kind, 0) + 1
                if kind == "/Figure":
                    figures.add(str(thing.Alt))
                formulas += kind == "/Formula" and bool(str(thing.Alt))
    alts = {str(image["alt"]) for p in book.told.parts for image in p.body.find_all("img")}
    assert figures == alts
    assert formulas == sum(len(part.body.select(".katex")) for part in book.told.parts)
    assert kinds["/H1"] == 2 + len(book.told.parts)
    assert {"/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TH", "/Code", "/Link"} <= kinds.keys()


def test_it_says_what_it_is(book):
    told, information = book.told, book.reader.metadata
    assert information.title == told.title
    assert information["/Version"] == told.imprint.version
    with pikepdf.open(book.path) as document, document.open_metadata() as xmp:
        assert xmp["dc:title"] == told.title
        assert xmp["dc:language"] == {WORDS[told.language].tag}
        assert xmp["xmpRights:WebStatement"] == told.imprint.licence.address
    for fact in (told.imprint.version, "CC BY 4.0", told.imprint.commit.rstrip("+")):
        assert bare(fact) in bare(book.texts[1])


def test_nothing_of_the_screen_is_left(book):
    text = bare(book.text)
    for words in ("下载.ipynb", "downloadthe.ipynb", "展开代码", "Showthecode", "BibTeX"):
        assert words not in text


def test_a_failure_leaves_the_old_file(printed, site, tmp_path, monkeypatch):
    silent = tmp_path / "chromium"
    silent.write_text("#!/bin/sh\necho Chromium 156.0.0.0\n")
    silent.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(silent))
    before = {path.name: path.read_bytes() for path in printed.iterdir()}
    done = run("--site", site, "--to", printed)
    assert done.returncode == 1
    assert "printed nothing" in done.stderr
    assert {path.name: path.read_bytes() for path in printed.iterdir()} == before


def test_without_chromium_the_error_says_how_to_get_it(site, tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    done = run("--site", site, "--to", tmp_path / "dist")
    assert done.returncode == 1
    assert "apt install chromium" in done.stderr
    assert not (tmp_path / "dist").exists()
