"""Slides for a lecture: a figure as a picture with its caption, its source, and notes that cite it.

A slide is built on a layout of its own, so that it stays whole when it is moved into another deck.
"""

from __future__ import annotations

import io
import math
import unicodedata
import uuid
from collections.abc import Sequence
from datetime import datetime, time
from itertools import groupby
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]: it is compiled
from pptx.dml.color import ColorFormat
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from ..base.errors import PressError
from ..figures.figure_record import Record
from ..metadata.figure_facts import authors, cleaned, provenance, rights, sound, terms
from ..words.keys import FileWords
from ..words.load import WORDS
from .slide_template import (
    CAPTION_HEIGHT,
    CAPTION_SIZES,
    GAP,
    INNER,
    MARGIN,
    SOURCE_HEIGHT,
    SOURCE_TOP,
    TITLE_HEIGHT,
    TITLE_SIZES,
    TITLE_TOP,
    TOP,
    WIDTH,
    blank,
    flush,
    place,
    saved,
)

SOURCE_SIZE = 12
# By the size of the type, on the safe side: heights of lines, and the width of a character, which
# is 1 for East Asian ones.
LATIN_LEADING, EAST_ASIAN_LEADING = 1.2, 1.35
LATIN = 0.55
SECTION_EXTENSION = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
SECTION_NAMESPACE = "http://schemas.microsoft.com/office/powerpoint/2010/main"
LONGEST = 255  # characters in a property of a document


def slide(record: Record, png: bytes, citation: str) -> bytes:
    """A presentation of one 16:9 slide that shows ``record``.

    Parameters
    ----------
    png
        The figure as a bitmap.
    citation
        The text that cites it, for the notes.
    """
    record = cleaned(record)
    show = blank()
    _figure(show, record, png, citation)
    _tell(show, record, record.title, record.caption, record.address)
    return saved(show)


def deck(items: Sequence[tuple[Record, bytes, str]]) -> bytes:
    """A presentation of the whole book in one language: a title, then a section per chapter.

    ``items`` holds record, PNG and citation of every figure, in the order of the book.

    Raises
    ------
    PressError
        If there is no figure, or the figures are in several languages.
    """
    languages = {record.language for record, _, _ in items}
    if len(languages) != 1:
        raise PressError(
            f"a deck is in one language, and {len(items)} figures in {len(languages)} came",
            mend="make one deck for each language of the book",
        )
    first = cleaned(items[0][0])
    words, book = WORDS[first.language].files, first.imprint.title(first.language)
    show = blank()
    sections = [(book, [_cover(show, first)])]
    for chapter, of_chapter in groupby(items, lambda item: item[0].chapter):
        slides = [_figure(show, cleaned(record), png, text) for record, png, text in of_chapter]
        sections.append((chapter, slides))
    _add_sections(show, sections)
    introduction = words.book_intro.format(count=len(items), book=book)
    _tell(show, first, book, introduction, first.imprint.at(f"{first.language}/"))
    return saved(show)


def _figure(show: Any, record: Record, png: bytes, citation: str) -> Any:
    """Add the slide of a figure."""
    words = WORDS[record.language].files
    added = show.slides.add_slide(show.slide_layouts[1])
    title, caption = added.placeholders
    size = _size(record.title, TITLE_SIZES, TITLE_HEIGHT)
    _say(title.text_frame.paragraphs[0], record.title, words, size, bold=True)
    top = max(TOP, TITLE_TOP + _height(record.title, size) + GAP)
    text = _beyond_title(record)
    height = 0
    if text:
        size = _size(text, CAPTION_SIZES, CAPTION_HEIGHT)
        height = _height(text, size)
        place(caption, MARGIN, SOURCE_TOP - GAP - height, INNER, height)
        _say(caption.text_frame.paragraphs[0], text, words, size)
    else:
        caption._element.getparent().remove(caption._element)
    _picture(added, record, png, top, SOURCE_TOP - GAP - height - GAP * bool(height))
    _source(added, record)
    _notes(added, record, citation)
    return added


def _picture(added: Any, record: Record, png: bytes, top: int, bottom: int) -> None:
    """The figure as large as it can be between title and caption."""
    picture = added.shapes.add_picture(io.BytesIO(png), 0, top)
    wide, high = picture.image.size
    scale = min(INNER / wide, (bottom - top) / high)
    width, height = round(wide * scale), round(high * scale)
    place(picture, (WIDTH - width) // 2, (top + bottom - height) // 2, width, height)
    about = picture._element.nvPicPr.cNvPr
    about.set("name", record.slug)
    about.set("descr", record.alt)
    # Whoever listens to the slide hears title, figure and caption in this order.
    shapes = picture._element.getparent()
    title = added.shapes.title._element
    shapes.remove(picture._element)
    title.addnext(picture._element)


def _source(added: Any, record: Record) -> None:
    words, imprint = WORDS[record.language].files, record.imprint
    box = added.shapes.add_textbox(MARGIN, SOURCE_TOP, INNER, SOURCE_HEIGHT)
    box.name = words.provenance
    frame = box.text_frame
    flush(frame)
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    source = words.source.format(
        authors=authors(record),
        book=imprint.title(record.language),
        version=imprint.version,
        year=imprint.year,
    )
    source += f" · {imprint.licence.name} · {'' if record.address else words.no_link}"
    run = _say(frame.paragraphs[0], source, words, SOURCE_SIZE)
    _grey(run.font.color)
    if record.address:
        run = _say(frame.paragraphs[0], record.address, words, SOURCE_SIZE)
        run.hyperlink.address = record.address


def _notes(added: Any, record: Record, citation: str) -> None:
    """All that is known of the figure, for whoever speaks."""
    words = WORDS[record.language].files
    notes = {
        words.caption: record.caption,
        words.alternative: record.alt,
        words.description: record.description,
        words.citation: citation,
        words.licence: f"{rights(record)}{words.between_sentences}{record.imprint.licence.address}",
        words.link: record.address or words.no_link,
        words.provenance: provenance(record),
    }
    frame = added.notes_slide.notes_text_frame
    paragraph = frame.paragraphs[0]
    for label, text in notes.items():
        if text:
            _say(paragraph, label + words.colon, words, bold=True)
            _say(paragraph, sound(text), words)
            paragraph = frame.add_paragraph()
    paragraph._p.getparent().remove(paragraph._p)


def _cover(show: Any, record: Record) -> Any:
    words, imprint = WORDS[record.language].files, record.imprint
    added = show.slides.add_slide(show.slide_layouts[0])
    title, subtitle = added.placeholders
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    flush(title.text_frame)
    _say(title.text_frame.paragraphs[0], imprint.title(record.language), words, 48, bold=True)
    address = imprint.at(f"{record.language}/")
    rows = [
        (authors(record), 24),
        (words.edition.format(version=imprint.version, date=imprint.date.isoformat()), 18),
        (terms(record), 18),
        (address or words.no_link, 18),
    ]
    frame = subtitle.text_frame
    flush(frame)
    for number, (text, size) in enumerate(rows):
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        run = _say(paragraph, text, words, size)
        if address and text == address:
            run.hyperlink.address = address
        else:
            _grey(run.font.color)
    return added


def _say(paragraph: Any, text: str, words: FileWords, size: int = 0, bold: bool = False) -> Any:
    """Add a run of ``text``, marked with its language for fonts, spelling and speech."""
    run = paragraph.add_run()
    run.text = text
    properties = run._r.get_or_add_rPr()
    properties.set("lang", words.tag)
    if words.latin_tag:
        properties.set("altLang", words.latin_tag)
    if size:
        run.font.size = Pt(size)
    if bold:
        run.font.bold = True
    return run


def _grey(colour: ColorFormat) -> None:
    """Ordinary text, a little paler whatever the theme."""
    colour.theme_color = MSO_THEME_COLOR.TEXT_1
    colour.brightness = 0.35


def _beyond_title(record: Record) -> str:
    """The caption without its first sentence where that is the title, which stands above."""
    rest = record.caption.removeprefix(record.title)
    # What follows a colon would hang in the air.
    return record.caption if rest[:1] not in {"", ".", "。"} else rest[1:].strip()


def _ems(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return wide + LATIN * (len(text) - wide)


def _height(text: str, size: int) -> int:
    """How much ``text`` takes on the slide, at most."""
    # Lines break between words: the last word of a line is half lost.
    lines = int(_ems(text) * size / (INNER / Pt(1) - 3 * size)) + 1
    leading = LATIN_LEADING if text.isascii() else EAST_ASIAN_LEADING
    return Pt(math.ceil(lines * size * leading))


def _size(text: str, sizes: tuple[int, ...], height: int) -> int:
    """The largest of ``sizes`` at which ``text`` keeps to ``height``, else the last."""
    return next((size for size in sizes if _height(text, size) <= height), sizes[-1])


def _add_sections(show: Any, sections: list[tuple[str, list[Any]]]) -> None:
    """Name the parts of the deck in the slide sorter."""
    names = {"p14": SECTION_NAMESPACE}
    root = show.part._element
    extension = etree.SubElement(etree.SubElement(root, qn("p:extLst")), qn("p:ext"))
    extension.set("uri", SECTION_EXTENSION)
    listed = etree.SubElement(extension, f"{{{SECTION_NAMESPACE}}}sectionLst", nsmap=names)
    for number, (name, slides) in enumerate(sections):
        section = etree.SubElement(listed, f"{{{SECTION_NAMESPACE}}}section")
        section.set("name", name)
        unique = uuid.uuid5(uuid.NAMESPACE_URL, f"{number} {name}")
        section.set("id", f"{{{unique}}}".upper())
        held = etree.SubElement(section, f"{{{SECTION_NAMESPACE}}}sldIdLst")
        for added in slides:
            member = etree.SubElement(held, f"{{{SECTION_NAMESPACE}}}sldId")
            member.set("id", str(added.slide_id))


def _tell(show: Any, record: Record, title: str, subject: str, address: str) -> None:
    """The properties of the document."""
    imprint, about = record.imprint, show.core_properties
    about.title, about.subject = _short(title), _short(subject)
    about.author = about.last_modified_by = _short(authors(record))
    about.comments = _short(f"{terms(record)} {imprint.licence.address}")
    about.keywords = _short(imprint.title(record.language))
    about.identifier = address if len(address) <= LONGEST else ""
    about.language = WORDS[record.language].files.tag
    about.version = _short(imprint.version)
    about.revision = 1
    about.created = about.modified = datetime.combine(imprint.date, time())


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
