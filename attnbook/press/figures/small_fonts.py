"""Fonts cut down to the characters of the book's figures; each figure takes its letters from these.

To read a whole font costs fontTools half a second, and it would do so twice for every PDF and once
for every SVG. So a font is cut once for the whole book and kept in a folder. A figure has the same
bytes either way: glyphs keep their names and order, and tables their order in the file.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib.backends import _backend_pdf_ps
from matplotlib.font_manager import FontPath

from ..source.figure_messages import Catalogue

# Latin, Greek, punctuation, exponents, arrows, operators, ligatures: of tick labels and formulas,
# which no message needs to name. A figure with yet another character takes it from the whole font.
COMMON = (
    *((0x20, 0x17F), (0x370, 0x3FF), (0x2000, 0x209F)),
    *((0x2190, 0x21FF), (0x2200, 0x22FF), (0xFB00, 0xFB06)),
)
EVERYTHING = subset.Options(
    drop_tables=[],
    glyph_names=True,
    layout_features=["*"],
    name_IDs=["*"],
    name_languages=["*"],
    name_legacy=True,
    legacy_cmap=True,
    symbol_cmap=True,
    notdef_outline=True,
    recommended_glyphs=True,
    passthrough_tables=True,
    prune_unicode_ranges=False,
    prune_codepage_ranges=False,
    recalc_bounds=False,
)


@dataclass(frozen=True)
class SmallFont:
    """A font with ``characters`` only.

    ``glyph_ids`` leads from a character's glyph in the whole font to the same one in this font, and
    ``post_format`` is the whole font's version of the table of glyph names, which this font spells
    out.
    """

    path: Path
    characters: frozenset[str]
    glyph_ids: dict[int, int]
    post_format: float


class SmallFonts:
    """The fonts in ``folder``, cut to the characters of ``catalogue``, made when first wanted."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        common = chain.from_iterable(range(first, last + 1) for first, last in COMMON)
        messages = (text for row in catalogue.rows for text in row)
        self.characters = frozenset(chain(map(chr, common), *messages))
        self.of = cache(self._of)

    def _of(self, path: str) -> SmallFont:
        """The small font of the one at ``path``."""
        parts = [Path(path).read_bytes(), Path(__file__).read_bytes(), fontTools.version.encode()]
        key = hashlib.sha256(b"".join(parts) + "".join(sorted(self.characters)).encode())
        small = self.folder / f"{Path(path).stem}-{key.hexdigest()[:16]}.ttf"
        facts = small.with_suffix(".json")
        if not _is_sound(small, facts):
            self._cut(path, small, facts)
        kept = json.loads(facts.read_text(encoding="utf-8"))
        return SmallFont(small, self.characters, dict(kept["glyph_ids"]), kept["post_format"])

    def _cut(self, path: str, small: Path, facts: Path) -> None:
        """Write the font, then what must be known of it; another kernel may do the same."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with subset.load_font(path, EVERYTHING) as font:
            whole_ids = font.getReverseGlyphMap()
            codes = font.getBestCmap() or {}
            names = {codes[code] for code in map(ord, self.characters) if code in codes}
            cutter = subset.Subsetter(EVERYTHING)
            # By glyphs: a glyph of several characters (space, no-break space) keeps them all.
            cutter.populate(glyphs=names)
            cutter.subset(font)
            names_table: Any = font["post"]
            post_format, names_table.formatType = names_table.formatType, 2.0
            names_table.extraNames, names_table.mapping = [], {}
            kept: dict[str, Any] = {
                "glyph_ids": [(whole_ids[name], font.getGlyphID(name)) for name in sorted(names)],
                "post_format": post_format,
            }
            beside = small.with_suffix(f".{os.getpid()}")
            font.save(beside, reorderTables=False)
        kept["sha256"] = hashlib.sha256(beside.read_bytes()).hexdigest()
        beside.replace(small)
        beside.write_text(json.dumps(kept), encoding="utf-8")
        beside.replace(facts)


def _is_sound(small: Path, facts: Path) -> bool:
    """Whether the font is there as it was written: a disk may have been full."""
    try:
        wanted = json.loads(facts.read_text(encoding="utf-8"))["sha256"]
        return hashlib.sha256(small.read_bytes()).hexdigest() == wanted
    except (OSError, ValueError, KeyError):
        return False


_fonts: SmallFonts | None = None


def use(folder: Path, catalogue: Catalogue) -> None:
    """Take the letters of figures from fonts in ``folder``, from now on and in PDFs, too."""
    global _fonts
    _fonts = SmallFonts(folder, catalogue)
    _backend_pdf_ps.get_glyphs_subset = _glyphs_subset


def open_font(path: str, characters: Iterable[str]) -> TTFont:
    """The font at ``path``, or a smaller one with ``characters`` and others."""
    if _fonts is not None and _fonts.characters.issuperset(characters):
        path = str(_fonts.of(path).path)
    return TTFont(path, lazy=True, recalcTimestamp=False)


_whole_glyphs_subset = _backend_pdf_ps.get_glyphs_subset


@contextmanager
def _glyphs_subset(
    path: FontPath, glyphs: Iterable[int]
) -> Iterator[_backend_pdf_ps.SubsetResults]:
    """What Matplotlib's function of this name yields, of the small font where it has ``glyphs``."""
    assert _fonts is not None
    wanted = set(glyphs)
    small = _fonts.of(path) if path.face_index == 0 else None
    if small is None or not small.glyph_ids.keys() >= wanted:
        with _whole_glyphs_subset(path, wanted) as cut:
            yield cut
        return
    ids = {glyph: small.glyph_ids[glyph] for glyph in wanted}
    with _whole_glyphs_subset(FontPath(str(small.path), 0), set(ids.values())) as cut:
        names_table: Any = cut.font["post"]
        names_table.formatType = small.post_format
        yield cut._replace(
            glyph_index_map={glyph: cut.glyph_index_map[ids[glyph]] for glyph in ids}
        )
