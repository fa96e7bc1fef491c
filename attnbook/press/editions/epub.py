"""The book for readers: an EPUB 3 of the manuscript, formulas in MathML, figures as drawings.

A zip of files written here: no library that writes one comes under a licence that fits. The same
book gives the same bytes.
"""

from __future__ import annotations

import io
import mimetypes
import re
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from ..base.book_paths import Layout
from ..base.imprint import Imprint
from ..base.safe_files import put
from ..execution.chapter_cache import partial
from ..words.load import WORDS
from . import epub_cover, manuscript
from .edition_templates import TEMPLATES, authors, render
from .manuscript import LINK_ID, LINK_PART, Heading, Manuscript, Part
from .pdf_document import spoken

STYLE = Path(__file__).with_name("epub.css")
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:x-attnbook:editions")
BRACKET = re.compile(r"[()\[\]|∣∥{}]")
UNDRAWN = re.compile(rb"(<path\b(?:(?!\sd=)[^>])*?)\s*/>")
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""


def epubs(layout: Layout, site: Path, imprint: Imprint, target: Path) -> Iterator[Path]:
    """Make the EPUB of every language, from the built ``site``, in the folder ``target``.

    A file there is replaced when the new one is complete, else it stays.
    """
    with partial(layout.build) as work:
        for language in WORDS:
            book = manuscript.read(layout, site, language, imprint)
            new = work / imprint.file(language, "epub")
            new.write_bytes(archive(files(book), book))
            yield put(new, target / new.name)


def files(book: Manuscript) -> dict[str, bytes]:
    """The files of the book by name, seen from the package document."""
    contents = {
        "style.css": STYLE.read_bytes(),
        "cover.png": epub_cover.png(book, authors(book)),
        "cover.xhtml": _page("epub_cover.xhtml", book),
        "title.xhtml": _page("epub_title.xhtml", book),
    }
    images: set[str] = set()
    for part in book.parts:
        body = _chapter(part, images)
        contents[f"{part.name}.xhtml"] = _page("epub_chapter.xhtml", book, part=part, body=body)
    for image in sorted(images):
        contents[image] = drawing((book.folder / image).read_bytes())
    contents["nav.xhtml"] = _page("epub_contents.xhtml", book, nested=_nested)
    contents["package.opf"] = _package(book, contents)
    return contents


def drawing(content: bytes) -> bytes:
    """A drawing as EPUB wants it: Matplotlib writes a space as a path of nothing."""
    return UNDRAWN.sub(rb'\1 d="M0 0"/>', content)


def archive(contents: dict[str, bytes], book: Manuscript) -> bytes:
    """The files as one, their dates that of the edition."""
    day = book.imprint.date
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:

        def add(name: str, content: bytes, method: int) -> None:
            entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = method, 0o644 << 16, 3
            file.writestr(entry, content, compresslevel=9)

        # First and as it is, by which programs know what they have.
        add("mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        add("META-INF/container.xml", CONTAINER.encode(), zipfile.ZIP_DEFLATED)
        for name in sorted(contents):
            add(f"EPUB/{name}", contents[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _page(template: str, book: Manuscript, **values: object) -> bytes:
    return (render(template, book, **values) + "\n").encode()


def _chapter(part: Part, images: set[str]) -> str:
    """The chapter as XHTML; the addresses of its images are added to ``images``."""
    soup = BeautifulSoup(str(part.body), "lxml")
    body = soup.article
    assert body is not None
    for formula in body.select(".katex"):
        _formula(soup, formula)
    for image in body.find_all("img"):
        images.add(str(image["src"]))
    for link in body.select(f"[{LINK_PART}]"):
        name, anchor = str(link.attrs.pop(LINK_PART)), str(link.attrs.pop(LINK_ID))
        link["href"] = f"{name}.xhtml" + (f"#{anchor}" if anchor else "")
    for link in body.find_all("a", href=False):
        link.unwrap()
    body.name = "section"
    body["epub:type"] = "chapter"
    body["role"] = "doc-chapter"
    return str(body)


def _formula(soup: BeautifulSoup, formula: Tag) -> None:
    """Leave the MathML of a formula, which holds its TeX; its number follows it."""
    maths = formula.find("math")
    if not isinstance(maths, Tag):
        return
    if not maths.has_attr("alttext"):
        maths["alttext"] = spoken(formula)
    maths["xmlns"] = "http://www.w3.org/1998/Math/MathML"
    for bracket in maths.find_all("mo", string=BRACKET):
        if not bracket.attrs:  # pages leave it out; \left and \right have said "fence"
            bracket["stretchy"] = "false"
    frame = formula.find_parent(class_="katex-display") or formula
    number = _number(soup, maths)
    frame.replace_with(maths)
    if number is not None:
        maths.insert_before(number)


def _number(soup: BeautifulSoup, maths: Tag) -> Tag | None:
    """Take the number out of a formula that has one: KaTeX sets it in the last cell of a table."""
    table = (maths.find("semantics") or maths).find("mtable", recursive=False)
    if not isinstance(table, Tag) or table.attrs.pop("width", "") != "100%":
        return None
    row = table.find("mtr", recursive=False)
    cells = row.find_all("mtd", recursive=False) if isinstance(row, Tag) else []
    if len(cells) != 4:
        return None
    number = soup.new_tag("span", attrs={"class": "equation-number"})
    number.string = cells[3].get_text()
    formula = cells[1]
    formula.name = "mrow"
    table.replace_with(formula)
    return number


def _nested(headings: Sequence[Heading]) -> list[tuple[Heading, list[Any]]]:
    """Each of the highest headings, with those that lie below it."""
    nested: list[tuple[Heading, list[Any]]] = []
    while headings:
        first, *rest = headings
        end = next((n for n, other in enumerate(rest) if other.level <= first.level), len(rest))
        nested.append((first, _nested(rest[:end])))
        headings = rest[end:]
    return nested


def _package(book: Manuscript, contents: Mapping[str, bytes]) -> bytes:
    order = ["cover", "title", "nav", *(part.name for part in book.parts)]
    return _page(
        "package.opf",
        book,
        identifier=f"urn:uuid:{uuid.uuid5(NAMESPACE, f'{book.language}/{book.imprint.version}')}",
        items=[_item(name, content) for name, content in sorted(contents.items())],
        order=[f"{name}.xhtml" for name in order],
    )


def _item(name: str, content: bytes) -> dict[str, str | None]:
    """What the package document tells of a file."""
    kinds = {".xhtml": "application/xhtml+xml", ".svg": "image/svg+xml", ".css": "text/css"}
    properties = {"nav.xhtml": "nav", "cover.png": "cover-image"}.get(name, "")
    if name.endswith(".xhtml") and b"<math" in content:
        properties = f"{properties} mathml".strip()
    return {
        "name": name,
        "media_type": kinds.get(Path(name).suffix) or mimetypes.guess_type(name)[0],
        "properties": properties,
    }


def _id(name: str) -> str:
    return "f-" + name.replace("/", "-").replace(".", "-")


TEMPLATES.filters["id"] = _id
