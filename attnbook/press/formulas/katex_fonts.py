"""KaTeX' style sheet and fonts: only where there are formulas, only the characters of the book."""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import re
import string
from collections.abc import Iterable
from html import unescape
from importlib import metadata
from pathlib import Path

from lxml.html import HtmlElement

from ..base import safe_files

# A formula that is not on any page, such as one in a search result, is made of these.
ALWAYS = frozenset(string.printable)
FORMULA = 'class="katex"'
SHEET = "//link[@rel='stylesheet'][contains(@href, 'katex.min.css')]"
# Formulas within a line are set in these, all but a few letters of them: what comes after the text
# moves the rest of the line, and where a word then goes to the next line, the rest of the page.
EARLY = ("KaTeX_Main-Regular", "KaTeX_Math-Italic")
NAMED = re.compile(rf"""url\(["']?(?P<address>[^"')]*(?:{"|".join(EARLY)})\.woff2)["']?\)""")


def drop_unneeded_sheet(root: HtmlElement) -> None:
    """Remove KaTeX' style sheet, which names its fonts, from a page without formulas.

    Its fonts are not preloaded: browsers complain of preloaded fonts on pages from a disk, and show
    a page without them if they are late. See `carry`.
    """
    if not root.find_class("katex"):
        for sheet in root.xpath(SHEET):
            sheet.drop_tree()


def characters(pages: Iterable[str]) -> frozenset[str]:
    """All characters that a formula of ``pages`` can need, and few others."""
    return ALWAYS.union(*(unescape(page) for page in pages if FORMULA in page))


def subset(folder: Path, wanted: frozenset[str], cache: Path) -> None:
    """Cut every WOFF2 font in ``folder`` down to the characters ``wanted``."""
    text = "".join(sorted(wanted))
    maker = Path(__file__).read_bytes() + metadata.version("fonttools").encode()
    for path in sorted(folder.glob("*.woff2")):
        font = path.read_bytes()
        key = hashlib.sha256(maker + font + text.encode()).hexdigest()[:16]
        make = functools.partial(_subset, font, text)
        path.write_bytes(safe_files.cached(cache / f"{key}.woff2", make))


def carry(sheet: Path) -> None:
    """Put the fonts that may not come after the text into the style sheet that names them.

    No page is shown before its style sheet is there, and none waits for another file.
    """

    def inlined(match: re.Match[str]) -> str:
        data = base64.b64encode((sheet.parent / match["address"]).read_bytes()).decode()
        return f"url(data:font/woff2;base64,{data})"

    sheet.write_text(NAMED.sub(inlined, sheet.read_text("utf-8")), "utf-8")


def _subset(font: bytes, text: str) -> bytes:
    from fontTools import subset

    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
    font_file = subset.load_font(io.BytesIO(font), options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=text)
    cutter.subset(font_file)
    out = io.BytesIO()
    subset.save_font(font_file, out, options)
    return out.getvalue()
