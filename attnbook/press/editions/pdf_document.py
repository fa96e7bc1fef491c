"""The book on paper: one HTML document for print, made of the manuscript, with numbers of pages.

The document knows pages only when it was printed once: `compose` takes those of the last printing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]: it is compiled

from ..formulas.formula_as_text import linear
from ..metadata import citation
from ..words.load import WORDS
from . import pdf_code, pdf_fonts
from .colophon import date_of, facts
from .manuscript import LINK_ID, LINK_PART, Heading, Manuscript, Part

STYLE = Path(__file__).with_name("paper.css")
LISTED = 2  # levels of headings in the contents; the outline has all
COVER = "nonparametric-heatmap"
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
    articles = [_article(part, manuscript, pages) for part in manuscript.parts]
    rows = [
        "<!DOCTYPE html>",
        f'<html lang="{WORDS[manuscript.language].tag}">',
        "<head>",
        '<meta charset="utf-8">',
        # It has no scripts, and asks nobody for anything.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src file:; '
        "font-src file: data:; style-src 'unsafe-inline' file:\">",
        f"<title>{escape(manuscript.title)}</title>",
        f"<style>\n{pdf_fonts.css()}\n</style>",
        f'<link rel="stylesheet" href="{_katex(manuscript)}">',
        f"<style>\n{STYLE.read_text(encoding='utf-8')}\n{''.join(_heads(manuscript))}</style>",
        "</head>",
        f'<body class="{manuscript.language}">',
        *_title_page(manuscript),
        *_imprint(manuscript),
        f'<nav class="contents" id="contents" aria-label="{words.contents}">',
        f"<h1>{words.contents}</h1>",
        *_contents(manuscript, pages),
        "</nav>",
        f'<nav class="figures" id="figures" aria-label="{words.figures}">',
        f"<h1>{words.figures}</h1>",
        *_figures(manuscript, pages),
        "</nav>",
        "<main>",
        *articles,
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(rows) + "\n"


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


def _katex(manuscript: Manuscript) -> str:
    return (manuscript.folder / "assets" / "katex" / "katex.min.css").resolve().as_uri()


def _heads(manuscript: Manuscript) -> Iterator[str]:
    """Running heads: every chapter has pages of its own kind."""
    words = WORDS[manuscript.language].paper
    yield _head("contents", words.contents, manuscript)
    yield _head("figures", words.figures, manuscript)
    for part in manuscript.parts:
        yield _head(part.name, part.title, manuscript)


def _head(name: str, title: str, manuscript: Manuscript) -> str:
    return (
        f"@page part-{name} {{ @top-left {{ content: {_quoted(manuscript.title)} }} "
        f"@top-right {{ content: {_quoted(title)} }} "
        "@bottom-center { content: counter(page) } }\n"
        f"#{name} {{ page: part-{name} }}\n"
    )


def _quoted(text: str) -> str:
    """``text`` as a string of CSS."""
    marks = {'"': '\\"', "\\": "\\\\", "<": "\\3c ", "\n": " "}
    return '"' + "".join(marks.get(mark, mark) for mark in text) + '"'


def _title_page(manuscript: Manuscript) -> list[str]:
    words, imprint = WORDS[manuscript.language].paper, manuscript.imprint
    names = WORDS[manuscript.language].cite.comma.join(
        citation.authors(imprint, manuscript.language)
    )
    cover = next((f for f in manuscript.figures if f.slug == COVER), None)
    picture = (manuscript.folder / "figures" / f"{COVER}.svg").resolve().as_uri()
    return [
        '<section class="title-page">',
        f'<p class="book-title">{escape(manuscript.title)}</p>',
        f'<p class="book-about">{escape(manuscript.description)}</p>',
        f'<img class="book-picture" src="{picture}" alt="">' if cover else "",
        f'<p class="book-authors">{escape(names)}</p>',
        f'<p class="book-edition">{words.version} {escape(imprint.version)} · '
        f"{date_of(manuscript)} · CC BY 4.0</p>",
        "</section>",
    ]


def _imprint(manuscript: Manuscript) -> list[str]:
    """What a copy tells of itself, on the back of the title page."""
    words, language = WORDS[manuscript.language].paper, manuscript.language
    cited, cite = citation.of_book(manuscript.imprint, language), WORDS[language].cite
    return [
        f'<section class="imprint" aria-label="{words.imprint}">',
        *(f"<p>{escape(text)}</p>" for text in words.about),
        "<dl>",
        *(f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in facts(manuscript).items()),
        f"<div><dt>{words.cite}</dt><dd>",
        *(
            f'<p class="reference"><span class="style">{escape(name)}</span>'
            f"{cited.formatted(style, markup=True)}</p>"
            for style, name in cite.styles.items()
        ),
        "</dd></div>",
        "</dl>",
        f'<p class="colophon">{escape(words.fonts)} {escape(words.accessibility)}</p>',
        "</section>",
    ]


def _contents(manuscript: Manuscript, pages: Mapping[str, int]) -> Iterator[str]:
    yield "<ol>"
    for part in manuscript.parts:
        below = [heading for heading in part.headings[1:] if heading.level <= LISTED]
        yield f"<li>{_row(place(part.name), part.title, pages)}"
        if below:
            yield "<ol>"
            for heading in below:
                yield f"<li>{_row(place(part.name, heading.id), heading.text, pages)}</li>"
            yield "</ol>"
        yield "</li>"
    yield "</ol>"


def _figures(manuscript: Manuscript, pages: Mapping[str, int]) -> Iterator[str]:
    words = WORDS[manuscript.language].paper
    yield "<ol>"
    for figure in manuscript.figures:
        label = words.figure.format(number=figure.number)
        yield f"<li>{_row(place(figure.part, figure.id), figure.title, pages, label)}</li>"
    yield "</ol>"


def _row(target: str, text: str, pages: Mapping[str, int], label: str = "") -> str:
    label = f'<span class="label">{label}</span>' if label else ""
    return (
        f'<a class="row" href="#{target}">{label}<span class="text">{escape(text)}</span>'
        f'<span class="leader" aria-hidden="true"></span>'
        f'<span class="page">{pages.get(target, 0)}</span></a>'
    )


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
        image["src"] = (manuscript.folder / str(image["src"])).resolve().as_uri()
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
    """Leave one form of a formula on the page, and its source as what it says."""
    said = spoken(formula)
    if maths := formula.select_one(".katex-mathml"):
        maths.decompose()
    if shown := formula.select_one(".katex-html"):
        del shown["aria-hidden"]
    # Chromium tells readers of a PDF what an image says, but nothing of maths; `bind` mends that.
    formula["role"] = "img"
    formula["aria-label"] = said


def spoken(formula: Tag) -> str:
    """A formula on one line: its source, or what stands for it where the site has dropped that."""
    source, maths = formula.find("annotation"), formula.find("math")
    if isinstance(source, Tag):
        return " ".join(source.get_text().split())
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
        "Author": WORDS[manuscript.language].cite.comma.join(
            citation.authors(imprint, manuscript.language)
        ),
        "Subject": manuscript.description,
        "Creator": f"attnbook {imprint.version}",
        "License": imprint.licence,
        "Version": imprint.version,
        "Commit": imprint.commit,
        "Permalink": imprint.at(f"{manuscript.language}/"),
        "Rights": words.licence_text,
    }
