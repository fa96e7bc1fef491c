"""Binding: the book is printed until its pages are the ones it names, then told what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pikepdf

from ..base.book_paths import Layout
from ..base.errors import PressError
from ..base.imprint import Imprint
from ..base.safe_files import put
from ..execution.chapter_cache import partial
from ..words.load import WORDS
from . import chromium, manuscript, pdf_document, pdf_fonts
from .manuscript import Heading, Manuscript

PRINTINGS = 5
Printer = Callable[[Path, Path], None]


def pdfs(layout: Layout, site: Path, imprint: Imprint, target: Path) -> Iterator[Path]:
    """Bind the book of every language, from its built ``site``, into the folder ``target``.

    A file there is replaced when the new one is complete, else it stays.

    Raises
    ------
    PressError
        If there is no Chromium, or what it prints is not what the book asks for.
    """
    chromium.check()
    with partial(layout.build) as work:
        for language in WORDS:
            book = manuscript.read(layout, site, language, imprint)
            new = work / imprint.file(language, "pdf")
            bind(book, new)
            yield put(new, target / new.name)


def bind(book: Manuscript, target: Path, printer: Printer = chromium.print_pdf) -> None:
    """Print ``book`` to ``target``, with contents that name the right pages.

    Raises
    ------
    PressError
        If pages never settle, or a font is not one of the book's.
    """
    source = target.with_suffix(".html")
    pages: Mapping[str, int] = {}
    for _ in range(PRINTINGS):
        source.write_text(pdf_document.compose(book, pages), encoding="utf-8")
        target.unlink(missing_ok=True)
        printer(source, target)
        with pikepdf.open(target) as document:
            printed = _pages(document, pdf_document.headings(book))
        if printed == pages:
            break
        pages = printed
    else:
        raise PressError(
            f"after {PRINTINGS} printings the contents still name other pages than there are",
            path=source.name,
            mend="shorten or lengthen a caption or a heading near the end of a page",
        )
    finish(target, book)


def _pages(document: pikepdf.Pdf, headings: list[Heading]) -> dict[str, int]:
    """The page, counted from 1, of every place that is linked to, and of every heading."""
    numbers = {page.obj.objgen: number for number, page in enumerate(document.pages, 1)}
    pages = {
        place: numbers[destination[0].objgen]
        for place, destination in _destinations(document).items()
    }
    marks = _outline(document)
    if len(marks) != len(headings):
        raise PressError(
            f"Chromium's outline has {len(marks)} headings, the book {len(headings)}",
            mend="print with another version of Chromium",
        )
    for heading, mark in zip(headings, marks, strict=True):
        target = mark.Dest if "/Dest" in mark else mark.A.D
        pages[heading.id] = numbers[target[0].objgen]
    return pages


def _destinations(document: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    """Where the names of places lead to: Chromium keeps them in a dictionary of the document."""
    named = document.Root.get("/Dests", pikepdf.Dictionary())
    return {str(key).lstrip("/"): value for key, value in named.items()}


def _outline(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    """All entries of the outline, in order."""
    entries: list[pikepdf.Object] = []

    def walk(parent: pikepdf.Object) -> None:
        item = parent.get("/First")
        while item is not None:
            entries.append(item)
            walk(item)
            item = item.get("/Next")

    if "/Outlines" in document.Root:
        walk(document.Root.Outlines)
    return entries


def finish(path: Path, book: Manuscript) -> None:
    """Say in the document what it is; make its bytes depend on its content alone."""
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        if strange := pdf_fonts.foreign(_fonts(document)):
            raise PressError(
                f"Chromium took a font that is not the book's: {', '.join(strange)}",
                mend="add a font that has the characters to pdf_fonts.CUTS",
            )
        for heading, mark in zip(pdf_document.headings(book), _outline(document), strict=True):
            mark.Title = pikepdf.String(heading.text)
        _structure(document, book)
        day = f"D:{book.imprint.date:%Y%m%d}000000Z"
        facts = {"CreationDate": day, "ModDate": day, **pdf_document.metadata(book)}
        facts["Producer"] = str(document.docinfo.get("/Producer", ""))
        document.trailer.Info = document.make_indirect(
            pikepdf.Dictionary(
                {f"/{key}": pikepdf.String(text) for key, text in facts.items() if text}
            )
        )
        document.Root.Lang = pikepdf.String(WORDS[book.language].tag)
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        document.Root.PageMode = pikepdf.Name.UseOutlines
        _xmp(document, book, facts)
        if "/ID" in document.trailer:  # of which one half would stay
            del document.trailer.ID
        document.save(
            path,
            deterministic_id=True,
            fix_metadata_version=False,  # which would write the packet anew
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )


def _structure(document: pikepdf.Pdf, book: Manuscript) -> None:
    """Mend the structure that screen readers follow, and free it of chance.

    Chromium calls a formula with a name a figure, and so it calls the frame around a figure and its
    caption. The ids by which cells of tables name their headings count what it did before.
    """
    said = {pdf_document.spoken(f) for part in book.parts for f in part.body.select(".katex")}
    ids: list[str] = []
    for thing in document.objects:
        if not isinstance(thing, pikepdf.Dictionary) or "/S" not in thing or "/P" not in thing:
            continue
        if str(thing.S) == "/Figure" and "/Alt" not in thing:
            thing.S = pikepdf.Name.Div
        elif str(thing.S) == "/Figure" and str(thing.Alt) in said:
            thing.S = pikepdf.Name.Formula
        if "/ID" in thing:
            ids.append(str(thing.ID))
    # In their order, which the tree of names is sorted by.
    names = {old: f"id{number:06}" for number, old in enumerate(sorted(ids), 1)}
    for thing in document.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Array):
            _renamed(thing, names)


def _renamed(thing: pikepdf.Object, names: Mapping[str, str]) -> None:
    """Replace strings in ``thing``, and in what it holds itself."""
    within = thing.items() if isinstance(thing, pikepdf.Dictionary) else enumerate(thing.as_list())
    for key, value in list(within):
        if isinstance(value, pikepdf.String) and str(value) in names:
            thing[key] = pikepdf.String(names[str(value)])
        elif isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            _renamed(value, names)


def _xmp(document: pikepdf.Pdf, book: Manuscript, facts: Mapping[str, str]) -> None:
    """The same for programs that read XMP."""
    imprint, moment = book.imprint, f"{book.imprint.date.isoformat()}T00:00:00Z"
    # No editor, no date of editing: the same book has the same bytes.
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:format"] = "application/pdf"
        xmp["dc:type"] = {"Text"}
        xmp["dc:title"] = book.title
        xmp["dc:creator"] = list(imprint.authors_in(book.language))
        xmp["dc:description"] = book.description
        xmp["dc:language"] = {WORDS[book.language].tag}
        xmp["dc:date"] = [imprint.date.isoformat()]
        xmp["dc:rights"] = facts["Rights"]
        if facts["Permalink"]:
            xmp["dc:identifier"] = facts["Permalink"]
        xmp["xmp:CreatorTool"] = facts["Creator"]
        xmp["pdf:Producer"] = facts["Producer"]
        for name in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            xmp[name] = moment
        xmp["xmpRights:Marked"] = "True"
        xmp["xmpRights:WebStatement"] = imprint.licence.address


def _fonts(document: pikepdf.Pdf) -> set[str]:
    """The names of all fonts."""
    return {
        str(thing.BaseFont)
        for thing in document.objects
        if isinstance(thing, pikepdf.Dictionary) and "/BaseFont" in thing
    }
