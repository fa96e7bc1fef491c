"""Notes: what a reference leads to, small enough to be shown beside it.

A definition, an equation, a figure, a section's first sentence, an entry of the bibliography. The
press collects them for a language when it stages the pages; the last pass writes those that a page
needs beside it, into ``<page>.notes.js``, which terms.js loads after all else. Without scripts a
reference is a plain link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path, PurePosixPath
from posixpath import dirname, normpath, relpath

from markdown import Markdown

from .book import Book
from .notebook_page import ARTICLE
from .pages import Heading, Page
from .references import home
from .values import Values
from .words import twin

ROOT = "~/"  # stands for the way to the folder of the language, in addresses of notes
MORE = {"zh": ("到术语表", "到那里去"), "en": ("Go to the glossary", "Go there")}

LINK = re.compile(r'<a href="(?P<href>[^"]*#[^"]+)"(?P<rest>[^>]*)>')
ANCHOR = re.compile(r"</?a\b[^>]*>")
TEMPLATE = re.compile(r'<template class="notes".*?</template>', re.DOTALL)
INSIDE = re.compile(r'(<template class="notes"[^>]*)>\n(.+?)\n(?=</template>)', re.DOTALL)
SUFFIX = ".notes.js"
EQUATION_ID = re.compile(r'(<\w+ class="equation") id="[^"]*"')
PARAGRAPH_ID = re.compile(r"\{:? *#(?P<id>[\w.:-]+)[^{}]*\}")
ITEM = re.compile(r"(?:[-*+]|\d+\.) +")
NO_PROSE = ("<", "!!!", "    ", "|", "{", "$$", ">")
SENTENCE = re.compile(r"[。！？][”’」』）*]*|(?<! al)(?<! vs)[.?!][”’)*]*(?= |$)")


@dataclass(frozen=True)
class Note:
    """``html`` with formulas that are yet to be set, and addresses that begin with `ROOT`."""

    kind: str
    html: str


def collect(book: Book, language: str, values: Values) -> dict[str, Note]:
    """All notes of a language, by the address of what they tell about."""
    markdown = Markdown(
        extensions=["pymdownx.arithmatex"],
        extension_configs={"pymdownx.arithmatex": {"generic": True}},
    )

    def inline(text: str) -> str:
        """HTML of one paragraph, without links: a note leads to one place."""
        html = ANCHOR.sub("", markdown.reset().convert(text))
        return html.removeprefix("<p>").removesuffix("</p>")

    pages = book.pages[language]
    notes: dict[str, Note] = {}
    glossary = home(pages)
    for term in book.terms if glossary else ():
        other = twin(language)
        title = f"<b>{escape(term.word(language))}</b>"
        if term.word(language) != term.word(other.code):
            word = escape(term.word(other.code))
            title += f' <span lang="{other.tag}">{word}</span>'
        html = f'<p class="note-title">{title}</p><p>{inline(term.definition(language))}</p>'
        notes[f"{glossary}.html#term-{term.key}"] = Note("term", html)
    for page in pages.values():
        for anchor, note in _of_page(book, page, values, inline):
            notes[f"{page.name}.html#{anchor}"] = note
    return notes


def _of_page(
    book: Book, page: Page, values: Values, inline: Callable[[str], str]
) -> Iterator[tuple[str, Note]]:
    def filled(rows: list[tuple[int, str]]) -> str:
        return " ".join(
            values.fill(row.strip(), chapter=page.chapter, path=page.path, line=line)
            for line, row in rows
        )

    for tag, tex in _equations(page):
        formula = f'<div class="arithmatex">\\[{escape(tex, quote=False)}\\]</div>'
        yield f"eq-{tag}", Note("equation", formula)
    results = book.executions[page.chapter].results if page.chapter else {}
    for placement in page.placements:
        figure = results[placement.label].figure
        if figure:
            title = escape(placement.title.strip())
            # Its title stands above it; its whole alternative text would outweigh all else.
            image = (
                f'<img src="{ROOT}figures/{figure.slug}.svg" alt="{title}" '
                f'width="{round(figure.width)}" height="{round(figure.height)}">'
            )
            html = f'<p class="note-title">{title}</p><p>{image}</p>'
            yield f"fig-{placement.label}", Note("figure", html)
    for heading in page.headings:
        title = inline(heading.text)
        first = sentence(filled(_first_paragraph(page, heading)))
        html = f'<p class="note-title">{title}</p>' + (f"<p>{inline(first)}</p>" if first else "")
        yield heading.id, Note("section", html)
    for name, rows in _entries(page):
        yield name, Note("entry", f"<p>{inline(filled(rows))}</p>")


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


def _first_paragraph(page: Page, heading: Heading) -> list[tuple[int, str]]:
    """The rows, with their lines, of the first prose below ``heading`` and above the next one."""
    stops = {other.line for other in page.headings}
    rows: list[tuple[int, str]] = []
    equation = False
    for line in range(heading.line + 1, len(page.lines) + 1):
        row = page.lines[line - 1]
        if line in stops:
            break
        odd = row.count("$$") % 2 == 1
        plain = not (equation or odd or line in page.fenced or row.startswith(NO_PROSE))
        equation ^= odd
        if plain and row.strip():
            rows.append((line, row if rows else ITEM.sub("", row, count=1)))
        elif rows:
            break
    return rows


def _entries(page: Page) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Paragraphs that have an id of their own, in the line below them."""
    for number, row in enumerate(page.lines):
        match = PARAGRAPH_ID.fullmatch(row.strip())
        if number < page.start or number + 1 in page.fenced or not match:
            continue
        first = number
        while first > page.start and page.lines[first - 1].strip():
            first -= 1
        if first < number:
            yield match["id"], [(line + 1, page.lines[line]) for line in range(first, number)]


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


def dump(notes: Mapping[str, Note]) -> str:
    """``notes`` as JSON, for the last pass."""
    rows = {address: [note.kind, note.html] for address, note in notes.items()}
    return json.dumps(rows, ensure_ascii=False, indent=0) + "\n"


def load(text: str) -> dict[str, Note]:
    """What `dump` wrote."""
    return {address: Note(*row) for address, row in json.loads(text).items()}


def attach(
    html: str,
    notes: Mapping[str, Note],
    *,
    page: str,
    language: str,
    address: str = "",
    ids: Callable[[str], set[str]] = lambda _: set(),
) -> str:
    """``html`` with its references marked, and their notes in a template at the end of its article.

    Parameters
    ----------
    page
        The page's address in the generator's folder, such as ``notebooks/attention-cues.ipynb``.
    address
        Where the language's pages are published, with a slash at its end, if that is known.
    ids
        Every id that a piece of HTML has. A notebook's references stay in it where they can.
    """
    here = PurePosixPath(page).with_suffix(".html").as_posix()
    folder = dirname(here)

    def article(match: re.Match[str]) -> str:
        own = ids(match[2]) if here.startswith("notebooks/") else set()
        needed: dict[str, str] = {}

        def marked(link: re.Match[str]) -> str:
            href = unescape(link["href"])
            if address and href.startswith(address):
                href = relpath(href.removeprefix(address), folder or ".")
            if "://" in href or "class=" in link["rest"]:
                return link[0]
            path, _, anchor = href.partition("#")
            target = normpath(f"{folder}/{path}" if folder else path) if path else here
            chapter = target.removeprefix("notebooks/")
            note = notes.get(f"{chapter}#{anchor}")
            if note is None or f"figures/{anchor.removeprefix('fig-')}/index.html" == here:
                return link[0]
            if anchor in own and here == f"notebooks/{chapter}":
                href, target = f"#{anchor}", here
            if note.kind != "equation" or target != here:  # else it is copied from the page
                needed.setdefault(href, note.html)
            kind = "term" if note.kind == "term" else "reference"
            return f'<a href="{escape(href)}" class="{kind}"{link["rest"]}>'

        body = LINK.sub(marked, match[2])
        if body == match[2]:
            return match[0]
        up = f"{relpath('.', folder)}/" if folder else ""
        rows = [f'<div data-for="{escape(href)}">{text}</div>' for href, text in needed.items()]
        inside = "\n".join(rows).replace(f'"{ROOT}', f'"{up}')
        term, other = MORE[language]
        template = (
            f'<template class="notes" data-term="{term}" data-other="{other}">\n{inside}\n'
            "</template>\n"
        )
        return match[1] + body + template + match[3]

    return ARTICLE.sub(article, html)


def without_ids(html: str) -> str:
    """``html`` after its formulas were set: an equation in a note is not the equation itself."""
    return TEMPLATE.sub(lambda match: EQUATION_ID.sub(r"\1", match[0]), html)


def apart(folder: Path) -> None:
    """Move the notes of every finished page below ``folder`` to a script beside it.

    A page is read before anybody asks for a note, and the notes of a long one are a tenth of it. A
    script and not a document, because browsers let pages from a disk load those.
    """
    for path in sorted(folder.rglob("*.html")):
        html = path.read_text("utf-8")
        found = INSIDE.search(html)
        if not found:
            continue
        name = f"{path.stem}{SUFFIX}"
        told = json.dumps(found[2], ensure_ascii=False).replace("</", "<\\/")
        script = f"(globalThis.attnNotes ??= {{}})[document.currentScript.src] = {told};\n"
        path.with_name(name).write_text(script, "utf-8")
        empty = f'{found[1]} data-src="{escape(name)}">'
        path.write_text(html[: found.start()] + empty + html[found.end() :], "utf-8")
