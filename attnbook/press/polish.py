"""What only the whole of a built folder can tell: characters, style sheets, policies."""

from __future__ import annotations

from pathlib import Path

from . import bundle, fonts, material, policy, sheet


def polish(folder: Path, cache: Path, *, served: bool = False) -> None:
    """Finish every page, style sheet and font of KaTeX below ``folder``.

    A ``served`` folder is left as quick to make as can be, and gets no policy: the server puts a
    script of its own into its pages.
    """
    pages = [path.read_text("utf-8") for path in sorted(folder.rglob("*.html"))]
    told, wanted = sheet.rules(pages), fonts.characters(pages)
    # All editions get the same: a page may show a piece of its twin.
    for katex in sorted(folder.rglob("katex.min.css")):
        sheet.append(katex, told)
        fonts.subset(katex.parent / "fonts", wanted, cache)
    for script in sorted(folder.rglob("assets/javascripts/bundle.*.js")):
        material.mend_script(script)
    if not served:
        bundle.bundle(folder)
        policy.seal(folder)
