"""A page of the site as a tree: parsed once, changed by transforms, written once.

libxml2 reads HTML as browsers do, but for two things that are put right here: it writes the names
of SVG's attributes in small letters, and it closes empty elements of SVG by a tag of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import html
from lxml.html import HtmlElement

from ..base.errors import PressError
from ..pages.note import Note

DOCTYPE = "<!doctype html>"
# Names of attributes that are not all in small letters, as the HTML standard has them for SVG.
CASED = {name.lower(): name for name in ("viewBox", "preserveAspectRatio")}
CLOSED = re.compile(r"></(?:circle|ellipse|line|path|polygon|polyline|rect|stop|use)>")


@dataclass(frozen=True)
class Page:
    """A page while it is finished.

    Parameters
    ----------
    root
        The page's tree; transforms change it in place.
    name
        The page's address in its edition, such as ``notebooks/attention-cues.html``.
    language
        The language of the page.
    source
        The staged file that the generator made the page of.
    docs
        The folder that holds the prose, one folder per language; errors name files in it.
    notes
        The notes of the language: what a reference leads to, by its address.
    address
        Where the language's pages are published, with a slash at its end, if that is known.
    book
        The title of the book in the language.
    has_search
        Whether the generator's theme has Material's field and dialog for the search.
    """

    root: HtmlElement
    name: str
    language: str
    source: Path
    docs: Path = Path("docs")
    notes: Mapping[str, Note] = field(default_factory=dict)
    address: str = ""
    book: str = ""
    has_search: bool = True

    @property
    def stage(self) -> Path:
        """The folder of staged files that ``name`` is seen from."""
        return self.source.parents[self.name.count("/")]

    def all(self, xpath: str) -> list[HtmlElement]:
        """Every element that ``xpath`` finds, in the order of the page."""
        return list(self.root.xpath(xpath))

    def first(self, xpath: str) -> HtmlElement | None:
        """The first element that ``xpath`` finds, if there is one."""
        return next(iter(self.root.xpath(xpath)), None)

    def the(self, xpath: str, what: str) -> HtmlElement:
        """The element that ``xpath`` finds, which is ``what``.

        Raises
        ------
        PressError
            If there is none, or more than one: the generator's markup has changed.
        """
        elements = self.root.xpath(xpath)
        if len(elements) == 1:
            return elements[0]
        raise PressError(
            f"{self.language}/{self.name} has {len(elements) or 'no'} × {what}",
            mend=f"look for it in what the generator writes now, and mend its path: {xpath}",
        )


def parse(text: str) -> HtmlElement:
    """The tree of the whole page ``text``."""
    return _cased(html.document_fromstring(text))


def pieces(text: str) -> HtmlElement:
    """A ``div`` around the piece of HTML ``text``; take its text and its children out of it."""
    return _cased(html.fragment_fromstring(f"<div>{text}</div>"))


def serialise(root: HtmlElement) -> str:
    """The page that ``root`` is the tree of."""
    return CLOSED.sub("/>", str(html.tostring(root, encoding="unicode", doctype=DOCTYPE)))


def outer_html(element: HtmlElement) -> str:
    """The HTML of ``element``, without what follows it."""
    return CLOSED.sub("/>", str(html.tostring(element, encoding="unicode", with_tail=False)))


def inner_html(element: HtmlElement) -> str:
    """The HTML of what is in ``element``."""
    return outer_html(element).partition(">")[2].rpartition("</")[0]


def new(tag: str, attributes: Mapping[str, str], *content: HtmlElement | str) -> HtmlElement:
    """An element with ``attributes`` and, in it, texts and elements."""
    element = html.Element(tag, attributes)
    for part in content:
        if isinstance(part, str):
            append_text(element, part)
        else:
            element.append(part)
    return element


def is_of_class(name: str) -> str:
    """The condition of XPath that an element has the class ``name``."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def replace(element: HtmlElement, text: str | None, children: list[HtmlElement]) -> None:
    """Put ``text`` and ``children`` in the place of ``element``; what follows it stays."""
    set_text_before(element, text_before(element) + (text or ""))
    for child in children:
        element.addprevious(child)
    element.drop_tree()


def text_before(element: HtmlElement) -> str:
    """The text between ``element`` and what comes before it."""
    previous = element.getprevious()
    text = element.getparent().text if previous is None else previous.tail
    return text or ""


def set_text_before(element: HtmlElement, text: str) -> None:
    """Make ``text`` what stands between ``element`` and what comes before it."""
    previous = element.getprevious()
    if previous is None:
        element.getparent().text = text
    else:
        previous.tail = text


def append_text(element: HtmlElement, text: str | None) -> None:
    """Put ``text`` at the end of ``element``."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + (text or "")
    else:
        element.text = (element.text or "") + (text or "")


def ids(element: HtmlElement) -> set[str]:
    """Every id in ``element``."""
    return set(element.xpath(".//@id"))


def _cased(root: HtmlElement) -> HtmlElement:
    for element in root.iter("svg"):
        for small, name in CASED.items():
            if small in element.attrib:
                element.set(name, element.attrib.pop(small))
    return root
