r"""Formulas as HTML, set by KaTeX when the book is built.

A page then needs no script to be read. KaTeX emits MathML beside its own HTML, so a formula can be
read aloud and copied; its style sheet and fonts come with the site.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from ..base import node_tools, safe_files
from . import katex_spans

KATEX = Path(__file__).with_name("node") / "katex"
Formula = tuple[str, bool]
FONT_FALLBACKS = re.compile(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)')

MOST = 20_000  # formulas kept; with more, those of earlier builds are forgotten

_rendered: dict[Formula, str] = {}


class MathsError(Exception):
    """A formula that KaTeX does not accept.

    Parameters
    ----------
    tex
        The formula, without its delimiters.
    message
        What KaTeX says about it.
    position
        Offset in ``tex`` where it stumbled, counted from 0, if it says so.
    """

    def __init__(self, tex: str, message: str, position: int | None = None) -> None:
        self.tex, self.message, self.position = tex, message, position
        super().__init__(f"{message}: {tex}")


def render(formulas: Iterable[Formula]) -> list[str]:
    r"""HTML of every formula ``(tex, display)``, in order.

    All formulas that neither this process nor an earlier one has rendered go through one run of
    Node.

    Raises
    ------
    MathsError
        For the first formula that KaTeX refuses, strictly: what LaTeX would not accept either
        (Han characters outside ``\text``, ``\\`` in display mode, …) is refused.
    PressError
        If KaTeX cannot be installed or run.

    Examples
    --------
    >>> render([("x^2", False)])[0].startswith('<span class="katex">')
    True
    """
    wanted = list(formulas)
    missing = list(dict.fromkeys(formula for formula in wanted if formula not in _rendered))
    if missing:
        for formula, html in zip(missing, _katex(missing), strict=True):
            _rendered[formula] = katex_spans.lean(html, _sheet())
    return [_rendered[formula] for formula in wanted]


def _katex(formulas: list[Formula]) -> list[str]:
    """What KaTeX makes of ``formulas``, or made of them for an earlier build."""
    script = KATEX / "render.mjs"
    digest = hashlib.sha256(script.read_bytes()).hexdigest()[:8]
    # Beside the modules of this very version.
    path = node_tools.install(KATEX).parent / f"rendered-{digest}.json"
    rendered: dict[str, str] = json.loads(safe_files.read_checked(path) or b"{}")
    wanted = {json.dumps(formula): formula for formula in formulas}
    missing = {key: formula for key, formula in wanted.items() if key not in rendered}
    if missing:
        given = list(missing.values())
        results = node_tools.ask(script, given=given, failure="KaTeX did not run")
        if len(rendered) + len(missing) > MOST:
            rendered = {key: rendered[key] for key in wanted.keys() & rendered.keys()}
        for (key, (tex, _)), result in zip(missing.items(), results, strict=True):
            if "error" in result:
                raise MathsError(tex, result["error"], result["position"])
            rendered[key] = result["html"]
        safe_files.write_checked(path, json.dumps(rendered).encode())
    return [rendered[key] for key in wanted]


def _sheet() -> Path:
    return node_tools.install(KATEX) / "katex" / "dist" / "katex.min.css"


def assets(folder: Path) -> None:
    """Put KaTeX' style sheet, its woff2 fonts and their licence into ``folder``."""
    package = node_tools.install(KATEX) / "katex"
    fonts = folder / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for font in sorted((package / "dist" / "fonts").glob("*.woff2")):
        shutil.copyfile(font, fonts / font.name)
    # Every browser that knows the rest of the site's CSS reads woff2: no other format is shipped.
    css = FONT_FALLBACKS.sub("", _sheet().read_text("utf-8"))
    (folder / "katex.min.css").write_text(css, "utf-8")
    shutil.copyfile(package / "LICENSE", folder / "LICENSE")
