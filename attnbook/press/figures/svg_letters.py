"""Text in a drawing as text, with the letters it needs: searchable, and the same everywhere.

Runs inside the kernel that drew the figure, since only that knows where Matplotlib found its fonts.
"""

from __future__ import annotations

import io
import re
from base64 import b64encode
from functools import cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]: it is compiled
from matplotlib.font_manager import FontProperties, findfont

from .small_fonts import open_font

PREFIX = "attnbook-"
POSTSCRIPT, UNICODE = 6, (3, 1, 0x409)  # which name it is, and how it is written
SVG = "{http://www.w3.org/2000/svg}"
DECLARATION = re.compile(r"(?P<name>[\w-]+):\s*(?P<value>(?:'[^']*'|\"[^\"]*\"|[^;'\"])*)")
# Of FontForge, of other scripts and of vertical setting: not needed, some unknown to fontTools.
UNNEEDED = ("BASE", "FFTM", "GSUB", "PfEd", "STAT", "VORG", "vhea", "vmtx")
# Between the parts of a formula, whose places are given: drawn in whatever font the reader has.
BETWEEN = re.compile(r"(?:(?<=</tspan>)|(?<=<text>))\s+(?=<tspan|</text>)")
FAMILY = re.compile(r"""["']([^"']+)["']|([^,\s][^,]*)""")


def embed(svg: str) -> str:
    """``svg`` with one ``@font-face`` for every font that its texts use, cut down to their letters.

    Of several families a letter comes from the first one that has it, as Matplotlib drew it.

    Raises
    ------
    ValueError
        For a family that Matplotlib does not find: another would have other letters.
    """
    svg = BETWEEN.sub("", svg)
    root = etree.fromstring(svg.encode())
    wanted: dict[tuple[str, str, str, str], set[str]] = {}
    for element in root.iter(f"{SVG}text", f"{SVG}tspan"):
        letters = set(element.text or "") - set("\n\r\t")
        declared = {m["name"]: m["value"].strip() for m in DECLARATION.finditer(_style(element))}
        if not letters or "font-family" not in declared:
            continue
        style, weight = declared.get("font-style", "normal"), declared.get("font-weight", "400")
        for family in (one or other for one, other in FAMILY.findall(declared["font-family"])):
            path = findfont(
                FontProperties(family=[family], style=style, weight=weight),  # pyright: ignore[reportArgumentType]
                fallback_to_default=False,
            )
            in_font = {letter for letter in letters if ord(letter) in _codes(path)}
            if in_font:
                wanted.setdefault((family, style, weight, str(path)), set()).update(in_font)
            letters -= in_font
    if not wanted:
        return svg
    faces = "\n".join(
        f"@font-face{{font-family:'{family}';font-style:{style};font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{_woff2(path, ''.join(sorted(letters)))})}}"
        for (family, style, weight, path), letters in sorted(wanted.items())
    )
    start = re.search(r"<svg\b[^>]*>", svg)
    assert start is not None  # it was parsed
    return f"{svg[: start.end()]}\n <style>\n{faces}\n </style>{svg[start.end() :]}"


def _style(element: etree._Element) -> str:
    return element.get("style", "")


@cache
def _codes(path: str) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


@cache
def _woff2(path: str, letters: str) -> str:
    """The font at ``path`` with nothing but ``letters`` and their kerning, in base 64.

    Its name tells it from a font of the reader's system.
    """
    options = subset.Options(
        drop_tables=[*subset.Options().drop_tables, *UNNEEDED],
        layout_features=["kern"],
        hinting=False,
        name_IDs=[],
        notdef_outline=True,
        glyph_names=False,
    )
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    out = io.BytesIO()
    with open_font(path, letters) as font:
        cutter.subset(font)
        font["name"].names = []
        font["name"].setName(f"{PREFIX}{Path(path).stem}", POSTSCRIPT, *UNICODE)
        font.flavor = "woff2"
        font.save(out)
    return b64encode(out.getvalue()).decode()
