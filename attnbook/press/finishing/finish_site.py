"""What only the whole of a built folder can tell: its characters, style sheets and policies."""

from __future__ import annotations

import re
from pathlib import Path

from ..formulas import katex_fonts, katex_styles
from . import content_policy, notes_on_page, style_bundle

MAP = re.compile(r"\s*//# sourceMappingURL=.*")


def polish(folder: Path, cache: Path, *, beside: Path | None = None, served: bool = False) -> None:
    """Finish every page, style sheet and font of KaTeX below ``folder``.

    Pieces of the finished pages in ``beside`` may be shown in those of ``folder``.

    A ``served`` folder is left as quick to make as can be, and gets no policy: the server puts a
    script of its own into its pages.
    """
    found = [path for place in (folder, beside) if place for path in sorted(place.rglob("*.html"))]
    pages = [path.read_text("utf-8") for path in found]
    told, wanted = katex_styles.rules(pages), katex_fonts.characters(pages)
    notes_on_page.apart(folder)
    # All editions get the same: a page may show a piece of its twin.
    for katex in sorted(folder.rglob("katex.min.css")):
        katex_styles.append(katex, told)
        katex_fonts.subset(katex.parent / "fonts", wanted, cache)
        if not served:  # the next page of a served folder may need other characters
            katex_fonts.carry(katex)
    if not served:
        style_bundle.bundle(folder, beside)
        _drop_maps(folder)
        content_policy.seal(folder)


def _drop_maps(folder: Path) -> None:
    """Remove what leads from Material's files to their sources, 1 MB for each language."""
    for script in folder.rglob("*.js"):
        text = script.read_text("utf-8")
        if MAP.search(text):
            script.write_text(MAP.sub("", text), "utf-8")
    for made in folder.rglob("*.map"):
        made.unlink()
