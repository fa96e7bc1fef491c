"""Finishing over the written pages of an edition, then over the site as a whole.

It reads and writes files only, so that the pages of every generator pass through it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ..base import book_settings, imprint
from ..base.book_paths import Layout
from ..base.kept_results import forget_others, kept
from ..formulas import katex_fonts, katex_styles
from ..pages import note
from . import content_policy, finish_page, notes_on_page, style_bundle
from .content_policy import KnownScripts

MAP = re.compile(r"\s*//# sourceMappingURL=.*")


def finish_edition(
    edition: Path, layout: Layout, language: str, *, has_search: bool = True
) -> None:
    """Finish every page of ``edition`` that a generator made of a staged file of ``language``.

    ``has_search`` says whether its pages have Material's field and dialog for the search.

    Raises
    ------
    PressError
        For a page that cannot be finished: see `finish_page.finish`.
    """
    stage, site = layout.stage(language), imprint.address(layout.root)
    address, keep = f"{site}/{language}/" if site else "", layout.finished(language)
    title, _ = book_settings.edition(layout.edition(language))
    noted = layout.notes(language).read_text("utf-8")
    finish = partial(
        finish_page.finish,
        language=language,
        docs=layout.root / "docs",
        notes=note.load(noted),
        address=address,
        book=title,
        has_search=has_search,
    )
    kept_names: list[str] = []
    for path in sorted(edition.rglob("*.html")):
        name = path.relative_to(edition)
        sources = (stage / name.with_suffix(suffix) for suffix in (".ipynb", ".md"))
        source = next((source for source in sources if source.is_file()), None)
        if source is None:  # the generator's own page, such as 404.html
            continue
        html = path.read_text("utf-8")

        def finished(html: str = html, name: Path = name, source: Path = source) -> bytes:
            return finish(html, name=name.as_posix(), source=source).encode()

        parts = html, name.as_posix(), source.read_bytes(), noted, address, title, has_search
        kept_names.append(name.as_posix().replace("/", " "))
        path.write_bytes(kept(keep, kept_names[-1], parts, finished))
    forget_others(keep, kept_names)


def polish(
    folder: Path,
    keep: Path,
    templates: Sequence[Path],
    *,
    beside: Path | None = None,
    served: bool = False,
) -> None:
    """Finish every page, style sheet and font of KaTeX below ``folder``.

    Pieces of the finished pages in ``beside`` may be shown in those of ``folder``. What the next
    build may use again is kept in ``keep``. Only scripts of ``templates``, which are folders, may
    stand in pages.

    A ``served`` folder is left as quick to make as can be.
    """
    paths = [path for place in (folder, beside) if place for path in sorted(place.rglob("*.html"))]
    pages = [path.read_text("utf-8") for path in paths]
    rules, wanted = katex_styles.rules(pages), katex_fonts.characters(pages)
    notes_on_page.apart(folder)
    # All editions get the same: a page may show a piece of its twin.
    for katex in sorted(folder.rglob("katex.min.css")):
        katex_styles.append(katex, rules)
        katex_fonts.subset(katex.parent / "fonts", wanted, keep / "fonts")
        if not served:  # the next page of a served folder may need other characters
            katex_fonts.carry(katex)
    if not served:
        style_bundle.bundle(folder, beside, keep=keep / "style-sheets")
        _drop_maps(folder)
    content_policy.seal(folder, KnownScripts.read(*templates))


def _drop_maps(folder: Path) -> None:
    """Remove what leads from Material's files to their sources, 1 MB for each language."""
    for script in folder.rglob("*.js"):
        text = script.read_text("utf-8")
        if MAP.search(text):
            script.write_text(MAP.sub("", text), "utf-8")
    for source_map in folder.rglob("*.map"):
        source_map.unlink()
