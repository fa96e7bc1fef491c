"""KaTeX' HTML without the spans and classes that its style sheet has no rule for.

They tell what kind of an atom a glyph is, which matters while KaTeX sets a formula, and makes half
of the markup afterwards.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TOKEN = re.compile(r"<span\b(?P<attributes>[^>]*)>|</span>|[^<]+|<[^>]*>")
CLASS = re.compile(r'\s*\bclass="([^"]*)"')
SELECTORS = re.compile(r"([^{}]+)\{")
NAME = re.compile(r"\.([a-zA-Z][\w-]*)")
PARENT = re.compile(r"\.([a-zA-Z][\w-]*)\s*>")
OURS = {"katex", "katex-html", "katex-mathml", "cjk_fallback"}  # what the book's own CSS styles
OUTER = {"katex", "katex-html", "katex-display"}


def lean(html: str, sheet: Path) -> str:
    """A formula's ``html`` with the spans and classes that KaTeX' style sheet ``sheet`` names."""
    styled, structural = _named(sheet)
    out: list[str] = []
    open_spans: list[tuple[set[str], bool]] = []
    for token in TOKEN.finditer(html):
        text = token[0]
        if text == "</span>":
            is_needed = open_spans.pop()[1]
            out.append(text if is_needed else "")
            continue
        if token["attributes"] is None:
            out.append(text)
            continue
        classes = CLASS.search(token["attributes"])
        names = classes[1].split() if classes else []
        kept = " ".join(name for name in names if name in styled)
        others = CLASS.sub("", token["attributes"])
        # Rules such as ".vlist > span > span" want a span, whatever its class.
        above = {name for upper, _ in open_spans[-2:] for name in upper}
        is_needed = bool(kept or others.strip() or above & structural)
        open_spans.append((set(names), is_needed))
        if is_needed:
            out.append("<span" + (f' class="{kept}"' if kept else "") + f"{others}>")
    return "".join(out)


@cache
def _named(sheet: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The classes that have rules, and those whose children have rules."""
    selectors = " ".join(SELECTORS.findall(sheet.read_text("utf-8")))
    styled = frozenset(NAME.findall(selectors)) | OURS
    return styled, frozenset(PARENT.findall(selectors)) - OUTER
