"""The book on paper: one HTML document for print, made of the manuscript, with numbers of pages.

The document knows pages only when it was printed once: `compose` takes those of the last printing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]: it is compiled
from markupsafe import Markup

from ..formulas.formula_as_text import linear
from ..words.load import WORDS
from . import pdf_code, pdf_fonts
from .edition_templates import TEMPLATES, authors, render
from .manuscript import LINK_ID, LINK_PART, Heading, Manuscript, Part

STYLE = Path(__file__).with_name("paper.css")
LISTED = 2  # levels of headings in the contents; the outline has all
# A link to an equation is its number, and a term is explained where the glossary always is.
UNPAGED = ("eq-", "term-")


def compose(manuscript: Manuscript, pages: Mapping[str, int]) -> str:
    """The whole document.

    Parameters
    ----------
    pages
        The page of each place that `places` names; empty before the first printing.
    """
    words = WORDS[manuscript.language].paper
    titles = {part.name: part.title for part in manuscript.parts}
    cover = manuscript.imprint.settings.cover
    has_cover = any(figure.slug == cover for figure in manuscript.figures)
    text = render(
        "paper.html",
        manuscript,
        pages=pages,
        place=place,
        listed=LISTED,
        fonts=pdf_fonts.css(),
        katex=_address(manuscript, "assets/katex/katex.min.css"),
        style=STYLE.read_text(encoding="utf-8"),
        chapters={"contents": words.contents, "figures": words.figures, **titles},
        cover=_address(manuscript, f"figures/{cover}.svg") if has_cover else "",
        articles=[_article(part, manuscript, pages) for part in manuscript.parts],
    )
    return text + "\n"


def place(part: str, name: str = "") -> str:
    """The id that ``name`` of the page ``part`` has in the document, or the whole chapter."""
    return f"{part}.{name}" if name else part


def headings(manuscript: Manuscript) -> list[Heading]:
    """All headings in the order of the document, with the ids that they have in it."""
    words = WORDS[manuscript.language].paper
    front = [Heading(1, words.contents, "contents"), Heading(1, words.figures, "figures")]
    return front + [
        Heading(heading.level, heading.text, place(part.name, heading.id))
        for part in manuscript.parts
        for heading in part.headings
    ]


def _address(manuscript: Manuscript, name: str) -> str:
    """The address on disk of a file in the built pages of the language."""
    return (manuscript.folder / name).resolve().as_uri()


def _css(text: str) -> Markup:
    """``text`` as a string of CSS in an HTML style sheet."""
    marks = {'"': '\\"', "\\": "\\\\", "<": "\\3c ", "\n": " "}
    return Markup('"' + "".join(marks.get(mark, mark) for mark in text) + '"')


TEMPLATES.filters["css"] = _css


def _article(part: Part, manuscript: Manuscript, pages: Mapping[str, int]) -> str:
    """The chapter, its ids and links as the whole document needs them."""
    soup = BeautifulSoup(str(part.body), "lxml")
    body = soup.article
    assert body is not None
    for formula in body.select(".katex"):
        _formula(formula)
    for block in body.select(".highlight"):
        pdf_code.in_lines(soup, block)
    for image in body.find_all("img"):
        image["src"] = _address(manuscript, str(image["src"]))
    for element in body.select("[id]"):
        element["id"] = place(part.name, str(element["id"]))
    words, quiet = WORDS[manuscript.language].paper, _unpaged(manuscript.parts)
    numbers = {
        place(figure.part, figure.id): words.figure.format(number=figure.number)
        for figure in manuscript.figures
    }
    for link in body.select(f"[{LINK_PART}]"):
        name, anchor = str(link.attrs.pop(LINK_PART)), str(link.attrs.pop(LINK_ID))
        target = place(name, anchor)
        link["href"] = f"#{target}"
        if target in quiet or anchor.startswith(UNPAGED) or link.find_parent(["h1", "h2"]):
            continue
        form, number = (
            (words.page_of_figure, numbers[target]) if target in numbers else (words.page, "")
        )
        page = soup.new_tag("span", attrs={"class": "page-of"})
        page.string = form.format(page=pages.get(target, 0), figure=number)
        link.insert_after(page)
    for heading in body.find_all("h1"):
        _numbered(soup, heading)
    body["id"] = part.name
    return str(body)


def _formula(formula: Tag) -> None:
    """Leave one form of a formula on the page, and in words what it says."""
    said = spoken(formula)
    if maths := formula.select_one(".katex-mathml"):
        maths.decompose()
    if visible := formula.select_one(".katex-html"):
        del visible["aria-hidden"]
    # Chromium tells readers of a PDF what an image says, but nothing of maths; `bind` mends that.
    formula["role"] = "img"
    formula["aria-label"] = said


def spoken(formula: Tag) -> str:
    """A formula on one line, as one would say it: nobody listens to TeX."""
    maths = formula.find("math")
    if isinstance(maths, Tag):
        return linear(etree.fromstring(str(maths).encode()))
    return str(formula.get("aria-label", ""))


def _unpaged(parts: Iterable[Part]) -> set[str]:
    """Places that need no page when they are linked to: references, whose link names them."""
    return {
        place(part.name, str(entry["id"])) for part in parts for entry in part.body.select("p[id]")
    }


def _numbered(soup: BeautifulSoup, heading: Tag) -> None:
    """The number of a chapter, such as 10.1, apart from its title."""
    first = heading.contents[0] if heading.contents else None
    number, space, rest = str(first or "").partition(" ")
    if isinstance(first, str) and space and number.replace(".", "").isdigit():
        label = soup.new_tag("span", attrs={"class": "chapter-number"})
        label.string = number
        first.replace_with(label)
        label.insert_after(" " + rest)


def metadata(manuscript: Manuscript) -> dict[str, str]:
    """What the document's information says."""
    words, imprint = WORDS[manuscript.language].paper, manuscript.imprint
    return {
        "Title": manuscript.title,
        "Author": authors(manuscript),
        "Subject": manuscript.description,
        "Creator": imprint.edition,
        "License": imprint.licence.address,
        "Version": imprint.version,
        "Commit": imprint.commit,
        "Permalink": imprint.at(f"{manuscript.language}/"),
        "Rights": words.licence_text.format(**imprint.licence_names),
    }
