"""The blank presentation that slides are put into: its size, its layouts, its fonts.

It is made from the template of python-pptx, rid of what is not ours.
"""

from __future__ import annotations

import io
import re
from typing import Any

import pptx
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Inches

from ..base import zip_archive

WIDTH, HEIGHT = Inches(40 / 3), Inches(7.5)
MARGIN = Inches(0.6)
INNER = WIDTH - 2 * MARGIN
TITLE_TOP, TITLE_HEIGHT = Inches(0.35), Inches(1.0)
TOP = Inches(1.4)  # of the picture, below a title of two lines or fewer
SOURCE_HEIGHT = Inches(0.42)
SOURCE_TOP = HEIGHT - Inches(0.25) - SOURCE_HEIGHT
GAP = Inches(0.14)
TITLE_SIZES, CAPTION_SIZES = (30, 26, 24, 22), (20, 18, 16, 14)
CAPTION_HEIGHT = Inches(1.3)  # more only where the smallest size leaves no choice
TITLE_LAYOUT, FIGURE_LAYOUT = 0, 8  # of python-pptx's template
# What Windows, macOS and Office have; elsewhere fonts of the same widths take their place.
FONTS = {"latin": "Arial", "ea": "Microsoft YaHei"}
THEME_FONT = re.compile(rb'<a:(latin|ea) typeface="[^"+]*"/>')


def blank() -> Any:
    """A wide presentation without slides, with the two layouts that it needs."""
    show = pptx.Presentation()
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    del show.part._element.find(qn("p:sldSz")).attrib["type"]  # it said 4:3
    kept = {TITLE_LAYOUT, FIGURE_LAYOUT}
    for number, layout in reversed(list(enumerate(show.slide_layouts))):
        if number not in kept:
            show.slide_layouts.remove(layout)
    master: Any = show.slide_master
    cover: Any = show.slide_layouts[0]
    figure: Any = show.slide_layouts[1]
    for shapes in (master.shapes, cover.shapes, figure.shapes):
        for shape in shapes:
            if shape._element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = shape.left * 4 // 3, shape.width * 4 // 3
    place(master.placeholders[0], MARGIN, TITLE_TOP, INNER, TITLE_HEIGHT)
    title, picture, caption = list(figure.placeholders)[:3]
    picture._element.getparent().remove(picture._element)
    figure.name = "Figure"
    # It is no longer one of those that programs know by their type.
    figure._element.attrib.pop("type", None)
    place(title, MARGIN, TITLE_TOP, INNER, TITLE_HEIGHT)
    place(caption, MARGIN, SOURCE_TOP - GAP - CAPTION_HEIGHT, INNER, CAPTION_HEIGHT)
    _style(title, TITLE_SIZES[0])
    _style(caption, CAPTION_SIZES[0])
    place(cover.placeholders[0], MARGIN, Inches(2.0), INNER, Inches(1.4))
    place(cover.placeholders[1], MARGIN, Inches(3.6), INNER, Inches(2.6))
    for tint in list(cover._element.iter(qn("a:tint"))):  # too pale for a projector
        tint.getparent().remove(tint)
    _drop(show.part, RT.PRINTER_SETTINGS)
    _drop(show.part.package, RT.THUMBNAIL)
    _drop(show.part.package, RT.EXTENDED_PROPERTIES)  # they count what is not there
    return show


def _drop(source: Any, kind: str) -> None:
    relations = source._rels
    for name in [name for name, relation in relations.items() if relation.reltype == kind]:
        relations.pop(name)


def place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    """Give ``shape`` a place, in EMU."""
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _style(placeholder: Any, size: int) -> None:
    """Type of a placeholder of a layout, for slides that are added to the deck later, too."""
    frame = placeholder.text_frame
    flush(frame)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    first = frame._txBody.find(qn("a:lstStyle")).find(qn("a:lvl1pPr"))
    first.find(qn("a:defRPr")).set("sz", str(size * 100))


def flush(frame: Any) -> None:
    """Let texts begin exactly at the margin."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = True


def saved(show: Any) -> bytes:
    """The bytes of a presentation, free of clocks, with fonts in its themes that serve Chinese."""
    out = io.BytesIO()
    show.save(out)
    files = zip_archive.unpack(out.getvalue())
    for name, content in files.items():
        if name.startswith("ppt/theme/"):
            files[name] = THEME_FONT.sub(_theme_font, content)
    return zip_archive.pack(files)


def _theme_font(match: re.Match[bytes]) -> bytes:
    kind = match[1].decode()
    return f'<a:{kind} typeface="{FONTS[kind]}"/>'.encode()
