"""Reference notes: what a reference leads to, small enough to be shown beside it.

A definition, an equation, a figure, a section's first sentence, an entry of the bibliography: the
notes of a whole language, collected from its pages. `notes_on_page` writes those that a page needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from markdown import Markdown

from ..book.edition import Edition
from ..checks.cross_references import home
from ..source.page_reader import Heading, Page
from ..words.load import WORDS
from .note import ROOT, Note
from .page_templates import render

ANCHOR = re.compile(r"</?a\b[^>]*>")
PARAGRAPH_ID = re.compile(r"\{:? *#(?P<id>[\w.:-]+)[^{}]*\}")
ITEM = re.compile(r"(?:[-*+]|\d+\.) +")
NO_PROSE = ("<", "!!!", "    ", "|", "{", "$$", ">")
SENTENCE = re.compile(r"[。！？][”’」』）*]*|(?<! al)(?<! vs)[.?!][”’)*]*(?= |$)")


def collect(edition: Edition) -> dict[str, Note]:
    """All notes of an edition, by the address of what they tell about."""
    markdown = Markdown(
        extensions=["pymdownx.arithmatex"],
        extension_configs={"pymdownx.arithmatex": {"generic": True}},
    )

    def inline(text: str) -> str:
        """HTML of one paragraph, without links: a note leads to one place."""
        html = ANCHOR.sub("", markdown.reset().convert(text))
        return html.removeprefix("<p>").removesuffix("</p>")

    language, pages = edition.language, edition.pages
    notes: dict[str, Note] = {}
    glossary = home(pages)
    for term in edition.terms if glossary else ():
        word = term.word(language)
        others = {words.tag: term.word(code) for code, words in WORDS.items()}
        others = {tag: other for tag, other in others.items() if other != word}
        text = inline(term.definition(language))
        note = _note("term", language, word=word, others=others, text=text)
        notes[f"{glossary}.html#term-{term.key}"] = note
    for page in pages.values():
        for anchor, note in _of_page(edition, page, inline):
            notes[f"{page.name}.html#{anchor}"] = note
    return notes


def _of_page(
    edition: Edition, page: Page, inline: Callable[[str], str]
) -> Iterator[tuple[str, Note]]:
    for tag, tex in _equations(page):
        yield f"eq-{tag}", _note("equation", page.language, tex=tex)
    for placement in page.placements:
        if placement.label in edition.figures:
            figure, title = edition.figures[placement.label].record, placement.title.strip()
            note = _note("figure", page.language, title=title, figure=figure, root=ROOT)
            yield f"fig-{placement.label}", note
    for heading in page.headings:
        title = inline(heading.text)
        first = sentence(_first_paragraph(page, heading))
        text = inline(first) if first else ""
        yield heading.id, _note("section", page.language, title=title, text=text)
    for name, text in _entries(page):
        yield name, _note("entry", page.language, text=inline(text))


def _note(kind: str, language: str, **values: object) -> Note:
    return Note(kind, render("note.html", language, kind=kind, **values))


def _equations(page: Page) -> Iterator[tuple[str, str]]:
    """Number and TeX of every numbered equation, from ``$$`` to ``$$``."""
    wanted = {mark.line: mark.text for mark in page.tags}
    for line, tag in wanted.items():
        start = end = line - 1
        while start > page.start and "$$" not in page.lines[start]:
            start -= 1
        if page.lines[end].count("$$") < 2:
            end += 1
            while end < len(page.lines) and "$$" not in page.lines[end]:
                end += 1
        rows = "\n".join(page.lines[start : end + 1]).split("$$")
        if len(rows) > 1:
            yield tag, rows[1].strip()


def _first_paragraph(page: Page, heading: Heading) -> str:
    """The first prose below ``heading`` and above the next one, on one line; it may be empty."""
    stops = {other.line for other in page.headings}
    rows: list[str] = []
    equation = False
    for line in range(heading.line + 1, len(page.lines) + 1):
        row = page.lines[line - 1]
        if line in stops:
            break
        odd = row.count("$$") % 2 == 1
        plain = not (equation or odd or line in page.fenced or row.startswith(NO_PROSE))
        equation ^= odd
        if plain and row.strip():
            rows.append((row if rows else ITEM.sub("", row, count=1)).strip())
        elif rows:
            break
    return " ".join(rows)


def _entries(page: Page) -> Iterator[tuple[str, str]]:
    """Paragraphs that have an id of their own, in the line below them, each on one line."""
    for number, row in enumerate(page.lines):
        match = PARAGRAPH_ID.fullmatch(row.strip())
        if number < page.start or number + 1 in page.fenced or not match:
            continue
        first = number
        while first > page.start and page.lines[first - 1].strip():
            first -= 1
        if first < number:
            yield match["id"], " ".join(row.strip() for row in page.lines[first:number])


def sentence(text: str) -> str:
    """The first sentence of Markdown ``text``, with whatever it opens also closed."""
    for match in SENTENCE.finditer(text):
        head = text[: match.end()]
        pairs = (("[", "]"), ("(", ")"), ("（", "）"), ("“", "”"))
        if all(head.count(a) == head.count(b) for a, b in pairs) and not any(
            head.count(mark) % 2 for mark in ("$", "**", "`")
        ):
            return head
    return text
