"""A drawing in the light and in the dark.

A figure is drawn once, on white. In the dark its paper is dark, its ink pale, and its lines are
light enough to be seen; hues stay, so that a caption that names a colour holds. Data shown as
pixels (heat maps) keep their colours, which the colour bar explains, and a picture of things keeps
all of its own, but for what is drawn beside the things, on the paper.
"""

from __future__ import annotations

import re
from functools import cache

from coloraide import Color
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]: it is compiled

PAPER = "#17191d"  # that of dark pages: --attn-paper in the style sheet
COLOUR = re.compile(r"(?P<property>fill|stroke): (?P<colour>#[0-9a-f]{6})\b")
ILLUSTRATION = "illustration"  # what the library calls the axes of a picture of things
ON_PAPER = "on-paper"  # and what the names of drawings in it begin with that lie on no thing
# Elements whose colours are ink or paper.
DRAWN = (
    f"//*[not(ancestor-or-self::*[starts-with(@id, '{ILLUSTRATION}')])"
    f" or ancestor-or-self::*[starts-with(@id, '{ON_PAPER}')]]"
)
PALE = 0.88  # lightness, of OKLCh, from which on a colour is a paper's and not an ink's
SVG = "{http://www.w3.org/2000/svg}"


@cache
def in_the_dark(colour: str) -> str:
    """What ``colour`` (``#rrggbb``) of a drawing on white is in the dark.

    Papers become dark, the whitest the darkest; inks become pale, the blackest the palest; what
    has a hue keeps it, and is lightened where it would be hard to see.

    Examples
    --------
    >>> in_the_dark("#ffffff")
    '#17191d'
    """
    if colour == "#ffffff":
        return PAPER
    color = Color(colour).convert("oklch")
    lightness = color["lightness"]
    if lightness >= PALE:
        color["lightness"] = 0.21 + (1 - lightness)
    else:
        color["lightness"] = max(lightness, 0.94 - 0.42 * lightness)
    return color.convert("srgb").fit(method="oklch-chroma").to_string(hex=True)


def adaptive(svg: str) -> str:
    """``svg`` with the colours of the dark beside its own, for whoever reads it in the dark.

    The dark ones stand in a media query. What knows no such thing shows the drawing on white.
    """
    root = etree.fromstring(svg.encode())
    names: dict[str, tuple[str, str]] = {}
    for element in root.xpath(DRAWN):
        declared = [match.groups() for match in COLOUR.finditer(_style(element))]
        declared += [(name, element.get(name)) for name in _attributes(element)]
        classes = [element.get("class")] if element.get("class") else []
        for name, colour in declared:
            if (dark := in_the_dark(colour)) != colour:
                class_name = f"{name[:2]}{colour[1:]}"
                names[class_name] = (name, dark)
                classes.append(class_name)
        if classes:
            element.set("class", " ".join(classes))
    rules = "\n".join(
        f".{class_name}{{{name}:{colour}!important}}"
        for class_name, (name, colour) in sorted(names.items())
    )
    style = etree.Element(f"{SVG}style")
    style.text = f"\n@media (prefers-color-scheme: dark){{\n{rules}\n}}\n"
    style.tail = "\n "
    root.insert(0, style)
    return _written(root)


def dark(svg: str) -> str:
    """``svg`` as it is in the dark, on no paper at all: for dark slides."""
    root = etree.fromstring(svg.encode())
    for element in root.xpath(DRAWN):
        if text := _style(element):
            style = COLOUR.sub(lambda m: f"{m['property']}: {in_the_dark(m['colour'])}", text)
            element.set("style", style)
        for name in _attributes(element):
            element.set(name, in_the_dark(element.get(name, "")))
    for paper in root.xpath("//*[starts-with(@id, 'figure_') or starts-with(@id, 'axes_')]/*[1]"):
        if f"fill: {PAPER}" in _style(paper[0]) and paper.get("id", "").startswith("patch_"):
            paper.getparent().remove(paper)
    return _written(root)


def _style(element: etree._Element) -> str:
    return element.get("style", "") if isinstance(element.tag, str) else ""


def _attributes(element: etree._Element) -> list[str]:
    """The attributes of ``element`` that hold a colour, as in hatches."""
    if not isinstance(element.tag, str):
        return []
    return [name for name in ("fill", "stroke") if element.get(name, "").startswith("#")]


def _written(root: etree._Element) -> str:
    return '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n' + etree.tostring(
        root, encoding="unicode"
    )
