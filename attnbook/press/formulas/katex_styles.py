r"""Inline styles as classes: KaTeX gives every glyph its place by ``style="…"``, 1,500 to a page.

As classes they weigh less, and the site's policy can refuse inline styles altogether. A class is
named after what it says: ``height:0.4306em`` becomes ``h.4306``. So the same style has the same
name on every page, and a piece of one page can be shown in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from lxml.html import HtmlElement

CLASS = re.compile(r'\bclass="([^"]*)"')
LENGTH = re.compile(r"(?P<property>[a-z-]+):(?P<number>-?[\d.]+)em")
SHORT = {
    "height": "h",
    "vertical-align": "v",
    "margin-left": "l",
    "margin-right": "r",
    "top": "t",
    "left": "x",
    "min-width": "w",
    "padding-left": "p",
    "border-bottom-width": "b",
}
LONG = {short: name for name, short in SHORT.items()}
# What has no short form is a class as it stands: position:relative.
NAME = re.compile(rf"(?P<short>[{''.join(LONG)}])(?P<number>-?[\d.]+)|[a-z-]+:[^\s:]+")
MARK, ESCAPED = re.compile("[^a-z0-9-]"), r"\\\g<0>"
BEGIN = "\n/* places of glyphs */\n"


def to_classes(root: HtmlElement) -> None:
    """Put classes in the place of all style attributes below ``root``."""
    for element in root.xpath(".//*[@style]"):
        declarations = [re.sub(r"\s+", "", part) for part in element.attrib.pop("style").split(";")]
        for declaration in filter(None, declarations):
            element.classes.add(_name(declaration))


def rules(pages: Iterable[str]) -> str:
    """The style sheet of all classes of this kind in ``pages``."""
    names = {name for page in pages for classes in CLASS.findall(page) for name in classes.split()}
    # A style attribute outranks every style sheet, hence !important.
    return "".join(
        f".katex .{MARK.sub(ESCAPED, name)}{{{_declaration(match)}!important}}\n"
        for name in sorted(names)
        if (match := NAME.fullmatch(name))
    )


def append(sheet: Path, rules: str) -> None:
    """Put the rules ``rules`` at the end of ``sheet``, in the place of earlier ones."""
    kept, _, _ = sheet.read_text("utf-8").partition(BEGIN)
    sheet.write_text(kept + BEGIN + rules, "utf-8")


def _name(declaration: str) -> str:
    match = LENGTH.fullmatch(declaration)
    if not match or match["property"] not in SHORT:
        return declaration
    return SHORT[match["property"]] + re.sub(r"^(-?)0\.", r"\1.", match["number"])


def _declaration(match: re.Match[str]) -> str:
    if not match["short"]:
        return match[0]
    return f"{LONG[match['short']]}:{match['number']}em"
