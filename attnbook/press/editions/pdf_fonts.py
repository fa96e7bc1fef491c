"""The fonts of the book on paper: files that come with packages, none of the machine's own.

A machine without Chinese fonts prints the same book as any other. All are under the SIL Open Font
License; the PDF embeds the glyphs that it uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from ..base import node_tools
from ..base.errors import PressError

NODE = Path(__file__).with_name("node")
# Package and the cuts that the style sheet asks for.
CUTS = {
    "source-serif-4": ("400", "400-italic", "600", "700", "700-italic"),
    "noto-serif-sc": ("chinese-simplified-400", "chinese-simplified-700"),
    "source-code-pro": ("400", "400-italic", "600"),
}
FACE = re.compile(r"@font-face\s*\{[^}]*\}")
WOFF2 = re.compile(r"src:\s*url\(\./files/([\w.-]+\.woff2)\)[^;]*;")
# Quotation marks and dashes of Chinese are as wide as a character: those of Source Serif are not.
# Commas and brackets come along, for marks that touch move together only within one font.
MARKS = "U+00B7, U+2014-2015, U+2018-2019, U+201C-201D, U+2026, U+3001-3011, U+FF01-FF20"
CHINESE = "NotoSansSC-Regular.ttf"
# What their names begin with; the last are those in drawings, see figures/svg_letters.py.
NAMES = (
    *("SourceSerif4", "NotoSerifSC", "SourceCodePro"),
    *("NotoSansSC", "KaTeX", "attnbook-"),
)


def css() -> str:
    """Rules that name every font by the address of its file.

    Raises
    ------
    PressError
        If npm cannot fetch the fonts, once for each machine.
    """
    rules: list[str] = []
    for package, cuts in CUTS.items():
        folder = node_tools.install(NODE / package) / "@fontsource" / package
        for cut in cuts:
            text = (folder / f"{cut}.css").read_text(encoding="utf-8")
            rules += list(_faces(text, folder / "files"))
            if package == "noto-serif-sc":
                rules.append(_marks(folder / "files", cut))
    rules.append(
        '@font-face { font-family: "Noto Sans SC"; font-display: block; '
        f'src: url("{chinese().as_uri()}"); }}'
    )
    return "\n".join(rules)


def foreign(names: Iterable[str]) -> list[str]:
    """Those of the fonts ``names`` of a PDF that are none of the book's."""
    bare = (name.lstrip("/").rpartition("+")[2] for name in names)
    return sorted({name for name in bare if name and not name.startswith(NAMES)})


def _faces(text: str, files: Path) -> Iterable[str]:
    for face in FACE.findall(text):
        # Nothing is printed in a font that is there for the moment only.
        face = face.replace("font-display: swap", "font-display: block")
        yield WOFF2.sub(lambda match: f'src: url("{(files / match[1]).as_uri()}");', face)


def _marks(files: Path, cut: str) -> str:
    source = (files / f"noto-serif-sc-{cut}-normal.woff2").as_uri()
    weight = cut.rpartition("-")[2]
    return (
        f'@font-face {{ font-family: "Han Marks"; font-weight: {weight}; font-display: block; '
        f'src: url("{source}"); unicode-range: {MARKS}; }}'
    )


def chinese() -> Path:
    """The file of Noto Sans SC, which the figures are set in, too."""
    spec = find_spec("zhplot")  # only its font file is wanted; importing it restyles Matplotlib
    if spec is None or spec.origin is None:
        raise PressError(
            "zhplot, which carries a Chinese font, is not installed",
            mend="python -m pip install zhplot",
        )
    return Path(spec.origin).parent / "fonts" / CHINESE
