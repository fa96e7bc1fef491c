"""What a page can lose without a reader seeing a difference: a page travels before it is read.

A page of formulas is ten times as long as its text. Browsers unpack it fast, but gzip looks back 32
KB only, so what is repeated over and over is paid for over and over.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from ..formulas import katex_fonts, katex_styles
from .page_tree import Page, is_of_class

# Text whose white space is shown, and code that is not ours to touch.
KEPT = ("pre", "textarea", "script", "style")
SPACE = re.compile(r"\s*\n\s*")
# Names (True is one), white space, operators and punctuation look like the text around them; so do
# numbers, which need no colour to be seen as such and would be one span in four.
PLAIN = {"n", "kc", "w", "o", "ow", "p", "mf", "mi"}
# Pygments tells more kinds apart than there are colours: strings with what is in them, …
SAME = {"kn": "k", "s1": "s", "s2": "s", "sa": "s", "si": "s"}


def merge_colours_of_code(page: Page) -> None:
    """Leave code no more spans than it has changes of colour."""
    for block in page.all(f"//div[{is_of_class('highlight')}]/pre"):
        for span in list(block.iter("span")):
            if span.get("class") in PLAIN or not (span.attrib or span.text or len(span)):
                span.drop_tag()
            elif (kind := span.get("class")) is not None:
                span.set("class", SAME.get(kind, kind))
        for span in list(block.iter("span")):
            if (before := span.getprevious()) is not None and _is_continued(before, span):
                _join(before, span)


def _is_continued(before: HtmlElement, span: HtmlElement) -> bool:
    """Whether ``span`` follows at once on another of its colour."""
    alike = before.tag == "span" and dict(before.attrib) == dict(span.attrib)
    return alike and not before.tail and not len(before) and not len(span)


def drop_defaults_of_maths(page: Page) -> None:
    """Remove from MathML what is so without being said.

    A comma separates, and the name space is the one that HTML gives to ``<math>``. Whether a
    bracket stretches is nothing that one hears; where MathML is seen, in an EPUB, it is said again.
    """
    for maths in page.all("//math[@xmlns]"):
        del maths.attrib["xmlns"]
    for comma in page.all("//mo[@separator='true'][.=',']"):
        del comma.attrib["separator"]
    for bracket in page.all("//mo[@stretchy='false'][count(@*)=1]"):
        del bracket.attrib["stretchy"]


def use_classes_for_styles(page: Page) -> None:
    """Put classes in the place of style attributes, which the site's policy refuses."""
    katex_styles.to_classes(page.root)


def drop_unneeded_sheet_of_formulas(page: Page) -> None:
    """Remove KaTeX' style sheet from a page without formulas."""
    katex_fonts.drop_unneeded_sheet(page.root)


def drop_white_space(page: Page) -> None:
    """Leave one line end of each run of white space around one, save where it is shown."""
    _collapse(page.root)


def _collapse(element: HtmlElement) -> None:
    if element.tag not in KEPT:
        if element.text:
            element.text = SPACE.sub("\n", element.text)
        for child in element:
            _collapse(child)
    if element.tail:
        element.tail = SPACE.sub("\n", element.tail)


def _join(first: HtmlElement, second: HtmlElement) -> None:
    """Put what is in ``second``, a span without elements, at the end of ``first``."""
    first.text = (first.text or "") + (second.text or "")
    first.tail = second.tail
    second.tail = None
    second.getparent().remove(second)
