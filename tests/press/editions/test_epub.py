"""The book for readers: a sound EPUB of a small manuscript, and of the whole book."""

from __future__ import annotations

import dataclasses
import io
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup
from lxml import etree

import imprints
from attnbook.press.editions import epub
from attnbook.press.editions.manuscript import LINK_ID, LINK_PART, Figure, Heading, Manuscript, Part

ROOT = Path(__file__).resolve().parents[3]
NAMES = {
    "h": "http://www.w3.org/1999/xhtml",
    "m": "http://www.w3.org/1998/Math/MathML",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "e": "http://www.idpf.org/2007/ops",
}
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg"><defs><path id="space" transform="scale(1)"/>'
    b'<path id="a" d="M1 1"/></defs></svg>'
)
BODY = f"""<article><h1 id="one">One</h1><h3 id="deep">Deep</h3><h2 id="more">More &amp; more</h2>
<h2 id="last">Last</h2>
<p>See <a {LINK_PART}="two" {LINK_ID}="fig-line">two</a>, <a {LINK_PART}="two" {LINK_ID}="">all</a>
<br>or <a href="https://example.org/?a=1&amp;b=2">elsewhere</a>.</p>
<div class="equation" id="eq-1"><span class="katex-display"><span class="katex">
<span class="katex-mathml"><math display="block"><semantics><mtable width="100%"><mtr>
<mtd width="50%"></mtd><mtd><mi>y</mi></mtd><mtd width="50%"></mtd><mtd><mtext>(1)</mtext></mtd>
</mtr></mtable><annotation encoding="application/x-tex">y \\tag{{1}}</annotation>
</semantics></math></span>
<span class="katex-html" aria-hidden="true">y</span></span></span></div></article>"""
TWO = """<article><h1 id="two">Two</h1><figure id="fig-line"><p><img alt="a line"
src="figures/line.svg"></p><figcaption>A line.</figcaption></figure></article>"""


def part(name, html):
    body = BeautifulSoup(html, "lxml").article
    headings = [
        Heading(int(found.name[1]), found.get_text(), found["id"])
        for found in body.find_all(["h1", "h2", "h3"])
    ]
    return Part(name, body, headings)


@pytest.fixture
def told(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "line.svg").write_bytes(SVG)
    imprint = imprints.imprint("1.2.3", "abc", date(2026, 1, 2), "", ("The attnbook authors",))
    figures = [Figure(1, "line", "The <line>", "two", "fig-line")]
    parts = [part("one", BODY), part("two", TWO)]
    return Manuscript("zh", "说明。", tmp_path, imprint, parts, figures)


def opened(told):
    return zipfile.ZipFile(io.BytesIO(epub.archive(epub.files(told), told)))


def sound(book):
    """Check what holds of every EPUB; return its XHTML and package, parsed."""
    names = book.namelist()
    assert names[0] == "mimetype"
    assert book.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
    assert book.read("mimetype") == b"application/epub+zip"
    trees = {
        name: etree.fromstring(book.read(name))
        for name in names
        if name.endswith((".xhtml", ".opf", ".svg", ".xml"))
    }
    package = trees["EPUB/package.opf"]
    items = {item.get("id"): item for item in package.iterfind(".//o:item", NAMES)}
    listed = {f"EPUB/{item.get('href')}" for item in items.values()}
    assert listed | {"mimetype", "META-INF/container.xml", "EPUB/package.opf"} == set(names)
    assert all(ref.get("idref") in items for ref in package.iterfind(".//o:itemref", NAMES))
    ids = {
        name: [found.get("id") for found in tree.iterfind(".//*[@id]")]
        for name, tree in trees.items()
    }
    for name, tree in trees.items():
        assert len(ids[name]) == len(set(ids[name])), name
        for link in tree.iterfind(".//h:a[@href]", NAMES):
            path, _, anchor = link.get("href").partition("#")
            if "://" in path:
                continue
            target = f"EPUB/{path}" if path else name
            assert target in names, (name, link.get("href"))
            assert not anchor or anchor in ids[target], (name, link.get("href"))
        for image in tree.iterfind(".//h:img", NAMES):
            assert image.get("alt") is not None
            assert str(PurePosixPath("EPUB") / image.get("src")) in names
    return trees


def test_it_is_sound(told):
    sound(opened(told))


def test_formulas_are_mathml_alone_and_their_numbers_beside_them(told):
    trees = sound(opened(told))
    equation = trees["EPUB/one.xhtml"].find(".//h:div[@id='eq-1']", NAMES)
    number, maths = equation
    assert (number.get("class"), number.text) == ("equation-number", "(1)")
    assert maths.tag == f"{{{NAMES['m']}}}math"
    assert maths.get("alttext") == "y(1)"
    letters, source = "".join(maths.itertext()).strip()[:1], maths.find(".//m:annotation", NAMES)
    assert (letters, source.text) == ("y", "y \\tag{1}")
    items = trees["EPUB/package.opf"].iterfind(".//o:item", NAMES)
    told_maths = [item.get("href") for item in items if "mathml" in item.get("properties", "")]
    assert told_maths == ["one.xhtml"]


def test_contents_nest_as_the_headings_do(told):
    nav = sound(opened(told))["EPUB/nav.xhtml"]
    toc = nav.find(f".//h:nav[@{{{NAMES['e']}}}type='toc']", NAMES)
    depths = {
        link.text: len(list(link.iterancestors(f"{{{NAMES['h']}}}ol")))
        for link in toc.iter(f"{{{NAMES['h']}}}a")
    }
    assert depths == {"One": 1, "Deep": 2, "More & more": 2, "Last": 2, "Two": 1}
    for entry in toc.iter(f"{{{NAMES['h']}}}li"):
        assert [etree.QName(child).localname for child in entry] in (["a"], ["a", "ol"])


def test_it_says_what_it_is(told):
    package = sound(opened(told))["EPUB/package.opf"]
    assert package.findtext(".//dc:title", namespaces=NAMES) == "注意力之书"
    assert package.findtext(".//dc:language", namespaces=NAMES) == "zh-Hans"
    metas = {(m.get("property"), m.text) for m in package.iterfind(".//o:meta", NAMES)}
    assert ("dcterms:modified", "2026-01-02T00:00:00Z") in metas
    assert ("schema:accessMode", "textual") in metas
    assert ("schema:accessibilityFeature", "MathML") in metas


def test_identifiers_tell_versions_and_languages_apart(told):
    def own(one):
        package = etree.fromstring(epub.files(one)["package.opf"])
        return package.findtext(".//dc:identifier", namespaces=NAMES)

    later = dataclasses.replace(told, imprint=dataclasses.replace(told.imprint, version="2"))
    english = dataclasses.replace(told, language="en")
    assert len({own(told), own(later), own(english)}) == 3
    assert own(told) == own(dataclasses.replace(told))


def test_a_path_of_nothing_is_drawn_as_a_point(told):
    drawn = etree.fromstring(epub.files(told)["figures/line.svg"])
    paths = [path.get("d") for path in drawn.iter("{http://www.w3.org/2000/svg}path")]
    assert paths == ["M0 0", "M1 1"]


def test_the_same_book_has_the_same_bytes(told):
    first, second = (epub.archive(epub.files(told), told) for _ in range(2))
    assert first == second


@pytest.fixture(scope="module")
def made(site, tmp_path_factory):
    """The whole book, made by the command that readers use."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "attnbook.press", "epub", "--site", str(site)]
    done = subprocess.run([*command, "--to", folder], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def checker():
    """EPUBCheck of this machine, if it has one: a program, or the jar that Debian installs."""
    found = os.environ.get("EPUBCHECK") or shutil.which("epubcheck")
    if not found:
        return None
    with Path(found).open("rb") as file:
        jar = file.read(2) == b"PK"
    # Debian's program is a link to the jar, beside which are the libraries that it needs.
    return [*(("java", "-jar") if jar else ()), str(Path(found).resolve())]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_book_is_sound(made, language):
    (path,) = made.glob(f"*-{language}.epub")
    with zipfile.ZipFile(path) as book:
        trees = sound(book)
        assert b"\xef\xbf\xbd" not in b"".join(map(book.read, trees))
    text = "".join(trees["EPUB/nadaraya-watson.xhtml"].itertext())
    assert {"zh": "核回归", "en": "kernel regression"}[language] in text
    if command := checker():
        done = subprocess.run([*command, str(path)], capture_output=True, text=True)
        assert "0 fatals / 0 errors / 0 warnings" in done.stdout, done.stdout + done.stderr
