"""The notes of a page: its references marked, and what they lead to in a script beside it.

terms.js loads ``<page>.notes.js`` after all else. Without scripts a reference is a plain link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from pathlib import Path, PurePosixPath
from posixpath import dirname, normpath, relpath

from ..pages.note import ROOT, Note
from ..words.load import WORDS
from .notebook_html import ARTICLE

LINK = re.compile(r'<a href="(?P<href>[^"]*#[^"]+)"(?P<rest>[^>]*)>')
TEMPLATE = re.compile(r'<template class="notes".*?</template>', re.DOTALL)
INSIDE = re.compile(r'(<template class="notes"[^>]*)>\n(.+?)\n(?=</template>)', re.DOTALL)
SUFFIX = ".notes.js"
EQUATION_ID = re.compile(r'(<\w+ class="equation") id="[^"]*"')


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
        words = WORDS[language].page
        template = (
            f'<template class="notes" data-term="{words.to_glossary}" '
            f'data-other="{words.to_place}">\n{inside}\n</template>\n'
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
