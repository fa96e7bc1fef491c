"""The notes of a page: its references marked, and what they lead to in a script beside it.

terms.js loads ``<page>.notes.js`` after all else. Without scripts a reference is a plain link.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from posixpath import dirname, normpath, relpath

from lxml.html import HtmlElement

from ..pages.note import ROOT, Note
from ..words.load import WORDS
from .page_tree import Page, ids, is_of_class, pieces
from .set_formulas import equation_ids

INSIDE = re.compile(r'(<template class="notes"[^>]*)>\n(.+?)\n(?=</template>)', re.DOTALL)
SUFFIX = ".notes.js"


def attach_notes(page: Page) -> None:
    """Mark the references of the article; put their notes into a template at its end."""
    article = page.first("//article")
    if article is None:
        return
    folder = dirname(page.name)
    # A notebook's references stay in it where they can.
    is_notebook = page.name.startswith("notebooks/")
    own_ids = ids(article) | equation_ids(article) if is_notebook else set()
    needed: dict[str, str] = {}
    marked = False
    for link in article.xpath(".//a[contains(@href, '#')][not(@class)]"):
        if reference := _reference(page, link.get("href"), folder, own_ids):
            href, target, note = reference
            marked = True
            link.set("href", href)
            link.set("class", "term" if note.kind == "term" else "reference")
            if note.kind != "equation" or target != page.name:  # else it is copied from the page
                needed.setdefault(href, note.html)
    if marked:
        article.append(_template(needed, f"{relpath('.', folder)}/" if folder else "", page))


def _reference(
    page: Page, href: str, folder: str, own_ids: set[str]
) -> tuple[str, str, Note] | None:
    """Where the link to ``href`` shall lead, the page that this is on, and the note of it."""
    if page.address and href.startswith(page.address):
        href = relpath(href.removeprefix(page.address), folder or ".")
    path, _, anchor = href.partition("#")
    if "://" in href or not anchor:
        return None
    target = normpath(f"{folder}/{path}" if folder else path) if path else page.name
    chapter = target.removeprefix("notebooks/")
    note = page.notes.get(f"{chapter}#{anchor}")
    if note is None or f"figures/{anchor.removeprefix('fig-')}/index.html" == page.name:
        return None
    if anchor in own_ids and page.name == f"notebooks/{chapter}":
        return f"#{anchor}", page.name, note
    return href, target, note


def _template(notes: dict[str, str], up: str, page: Page) -> HtmlElement:
    rows = [f'<div data-for="{escape(href)}">{text}</div>' for href, text in notes.items()]
    inside = "\n".join(rows).replace(f'"{ROOT}', f'"{up}')
    words = WORDS[page.language].page
    (template,) = pieces(f"<template>\n{inside}\n</template>\n")
    template.set("class", "notes")
    template.set("data-term", words.to_glossary)
    template.set("data-other", words.to_place)
    return template


def drop_ids_in_notes(page: Page) -> None:
    """Let equations in notes have no id: they are not the equation itself."""
    for equation in page.all(f"//template[@class='notes']//*[{is_of_class('equation')}][@id]"):
        del equation.attrib["id"]


def apart(folder: Path) -> None:
    """Move the notes of every finished page below ``folder`` to a script beside it.

    A page is read before anybody asks for a note, and the notes of a long one are a tenth of it. A
    script and not a document, because browsers let pages from a disk load those.
    """
    for path in sorted(folder.rglob("*.html")):
        html = path.read_text("utf-8")
        template = INSIDE.search(html)
        if not template:
            continue
        name = f"{path.stem}{SUFFIX}"
        notes = json.dumps(template[2], ensure_ascii=False).replace("</", "<\\/")
        script = f"(globalThis.attnNotes ??= {{}})[document.currentScript.src] = {notes};\n"
        path.with_name(name).write_text(script, "utf-8")
        empty = f'{template[1]} data-src="{escape(name)}">'
        path.write_text(html[: template.start()] + empty + html[template.end() :], "utf-8")
