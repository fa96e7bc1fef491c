"""The sections of the finished pages, as the search shows them to a reader.

Read from the pages themselves, so that formulas are what one sees, outputs stay apart from code,
and no generator is needed. A section is a heading with what stands below it; an equation with a
number and a term of the glossary are sections of their own, and so is a figure's page as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import html

from ..base.markdown import UNSEARCHED_NAME
from ..formulas.formula_as_text import linear
from ..words.load import WORDS

HEADING = re.compile(r"h[1-6]")
BLOCKS = {
    *("blockquote", "div", "figcaption", "figure", "p", "section", "summary"),
    *("caption", "table", "td", "th", "tr"),
    *("dd", "dl", "dt", "li", "ol", "ul"),
}
UNREAD = {"button", "form", "nav", "script", "select", "style", "svg", "template"}
FIGURE_PAGE = re.compile(r"figures/[^/]+/index\.html")
EDGE = "\x1e"  # between paragraphs while a page is being read; no page holds it
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060-\u2064\ufeff]")

# What counts more when several places hold a word: the book before what is made from it.
WEIGHTS = (
    ("figures/index.html", 0.5),
    ("figures/", 0.8),
    ("glossary.html", 0.8),
    ("index.html", 0.6),
    ("about.html", 0.4),
    ("", 1.0),
)


def _names() -> dict[str, str]:
    """What readers may call an equation or a figure, in any language of the book."""
    return {
        "equation": " ".join(words.search.equation for words in WORDS.values()),
        "figure": " ".join(words.search.figure for words in WORDS.values()),
    }


@dataclass
class Section:
    """A place that a search can lead to.

    ``location`` is seen from the edition's folder; ``keys`` are found but not shown.
    """

    location: str
    title: str = ""
    text: str = ""
    code: str = ""
    keys: str = ""
    weight: float = 1.0

    def entry(self) -> dict[str, str | float]:
        """What of it is not empty, for the index."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass
class _Draft:
    """A section while its page is being read."""

    location: str
    rank: int = 1
    title: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    keys: str = ""
    dropped: bool = False

    def done(self) -> Section:
        return Section(
            self.location,
            _line("".join(self.title)),
            _lines("".join(self.text)),
            "\n".join(self.code),
            self.keys,
            next(weight for start, weight in WEIGHTS if self.location.startswith(start)),
        )


def read(page: str, location: str, language: str) -> list[Section]:
    """The sections of the HTML ``page``, which lies at ``location`` in the edition in ``language``.

    What stands in an element with ``data-unsearched``, or below a heading with it, is left out, and
    so are outputs, forms and whatever is in another language. A page without an article has none.
    """
    articles = html.fromstring(page).xpath("//article")
    if not articles:
        return []
    reader = _Reader(location, language)
    reader.children(articles[0])
    drafts = [draft for draft in reader.drafts if not draft.dropped]
    return [draft.done() for draft in drafts]


class _Reader:
    def __init__(self, location: str, language: str) -> None:
        self.page, self.language = location, language
        self.figure = bool(FIGURE_PAGE.fullmatch(location))
        self.here = _Draft(location, keys=_names()["figure"] if self.figure else "")
        self.drafts = [self.here]

    def children(self, element: html.HtmlElement) -> None:
        self.say(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self.element(child)
            self.say(child.tail)

    def say(self, text: str | None) -> None:
        if text:
            self.here.text.append(text)

    def element(self, element: html.HtmlElement) -> None:
        if self.unread(element):
            return
        classes = element.get("class", "").split()
        if HEADING.fullmatch(element.tag) and element.get("id"):
            self.heading(element)
        elif "equation" in classes:
            self.equation(element)
        elif element.tag == "pre":
            self.here.code.append(element.text_content().strip("\n"))
        elif "katex" in classes:
            self.say(_formula(element))
        elif element.tag == "tr" and (term := _term(element)) is not None:
            self.term(element, term)
        else:
            edge = EDGE if element.tag in BLOCKS else " " if element.tag == "br" else ""
            self.say(edge)
            self.children(element)
            self.say(edge)

    def unread(self, element: html.HtmlElement) -> bool:
        if HEADING.fullmatch(element.tag):
            return False  # the heading itself decides, for all that is below it
        classes = element.get("class", "").split()
        language = self.language
        return (
            element.tag in UNREAD
            or element.get(UNSEARCHED_NAME) is not None
            or "output" in classes
            or "headerlink" in classes
            or (element.tag == "summary" and "code" in element.getparent().get("class", "").split())
            or (
                element.tag in BLOCKS
                and element.get("lang") is not None
                and not element.get("lang", "").startswith(language)
            )
        )

    def heading(self, element: html.HtmlElement) -> None:
        rank = int(element.tag[1])
        dropped = element.get(UNSEARCHED_NAME) is not None
        if rank == 1:
            self.here = self.drafts[0]
        elif self.figure and not dropped:
            self.here = self.drafts[0]  # "alternative text" is no title to search for
            return
        else:
            if self.here.dropped and self.here.rank < rank:
                return
            self.here = _Draft(f"{self.page}#{element.get('id')}", rank, dropped=dropped)
            self.drafts.append(self.here)
        self.here.title += list(_title(element))

    def equation(self, element: html.HtmlElement) -> None:
        words = WORDS[self.language].page
        text, name = _formula(element), element.get("id", "")
        number = "".join(element.xpath(".//a[@class='equation-number']/text()"))
        self.say(f"{EDGE}{text} {number}{EDGE}")
        if name:
            place = _Draft(
                f"{self.page}#{name}",
                title=[words.equation.format(number=f"({name.removeprefix('eq-')})")],
                text=[text],
                keys=_names()["equation"],
                dropped=self.here.dropped,
            )
            self.drafts.append(place)

    def term(self, element: html.HtmlElement, term: str) -> None:
        title, *others = [_Reader(self.page, self.language).within(cell) for cell in element]
        place = _Draft(f"{self.page}#{term}", title=[title], text=[others[-1] if others else ""])
        place.keys = " ".join(others[:-1])
        self.drafts.append(place)

    def within(self, element: html.HtmlElement) -> str:
        """The words of one element."""
        self.children(element)
        return _line("".join(self.here.text).replace(EDGE, " "))


def _title(element: html.HtmlElement) -> Iterator[str]:
    """The words of a heading, without its permalink."""
    yield element.text or ""
    for child in element:
        classes = child.get("class", "").split()
        if "katex" in classes or "maths" in classes:
            yield _formula(child)
        elif "headerlink" not in classes:
            yield from _title(child)
        yield child.tail or ""


def _term(element: html.HtmlElement) -> str | None:
    """The anchor of the term that the row of a glossary explains."""
    ids = element.xpath("descendant-or-self::*[starts-with(@id, 'term-')]/@id")
    return str(ids[0]) if len(ids) == 1 else None


def _formula(element: html.HtmlElement) -> str:
    """A formula on one line, as one would type it: x_i^2, (a+b)/c; MathML holds it in order."""
    formulas = element.xpath("descendant-or-self::math")
    text = linear(formulas[0]) if formulas else element.text_content()
    return INVISIBLE.sub("", text).strip()


def _line(text: str) -> str:
    return " ".join(INVISIBLE.sub("", text).split())


def _lines(text: str) -> str:
    """``text`` with one paragraph a line."""
    return "\n".join(filter(None, map(_line, text.split(EDGE))))


def pages(edition: Path) -> list[str]:
    """The pages of an edition that a search may lead to; notebooks repeat their chapters."""
    names = (path.relative_to(edition).as_posix() for path in sorted(edition.rglob("*.html")))
    return [page for page in names if page != "404.html" and not page.startswith("notebooks/")]
