"""Published figures, as the rest of the press sees them.

Drawing them takes Matplotlib and happens in the kernel: see ``publish``. What is here does not,
so that a build which executes nothing does not wait for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from ..source.figure_messages import Catalogue

__all__ = ["FORMATS", "Catalogue", "Figure", "describe"]

FORMATS = ("svg", "pdf", "png")
ROOT = re.compile(r"<svg\b[^>]*>")
DESCRIBED = re.compile(r' role="img" aria-labelledby="[^"]*"')
DESCRIPTION = re.compile(r'\n <(title|desc) id="[^"]*">[^<]*</\1>')


@dataclass(frozen=True)
class Figure:
    """A published figure: its permanent name, and its size in CSS pixels."""

    slug: str
    width: float
    height: float


def describe(svg: str, title: str, desc: str = "") -> str:
    """``svg`` with a title and a description for those who cannot see it.

    The ids are made from the id that `publish` gave the drawing (its slug and language), so they
    are stable and do not clash when several drawings stand in one page. Describing twice replaces.

    Raises
    ------
    ValueError
        If ``svg`` has no root element with an id.
    """
    root = ROOT.search(svg)
    name = root and re.search(r'\bid="([^"]+)"', root[0])
    if root is None or name is None:
        raise ValueError("describe wants an SVG drawing whose root element has an id")
    parts = {"title": title, "desc": desc}
    parts = {tag: text for tag, text in parts.items() if text}
    ids = " ".join(f"{name[1]}-{tag}" for tag in parts)
    start = DESCRIBED.sub("", root[0])
    rest = DESCRIPTION.sub("", svg[root.end() :], count=2)
    if parts:
        start = f'{start[:-1]} role="img" aria-labelledby="{ids}">'
    start += "".join(
        f'\n <{tag} id="{name[1]}-{tag}">{escape(text, quote=False)}</{tag}>'
        for tag, text in parts.items()
    )
    return svg[: root.start()] + start + rest
