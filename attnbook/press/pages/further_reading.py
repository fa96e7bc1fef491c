"""Where to read more: each section ends with what it mirrors and with the works that it names.

Nothing is listed by hand. A section whose number the textbook shares leads to the textbook, at the
address in the page's front matter; a work that the section links to in the list of references is
named with its own address, if it has one there.
"""

from __future__ import annotations

import re
from itertools import pairwise

from ..base.errors import PressError
from ..base.markdown import UNSEARCHED
from ..source.page_reader import Page
from ..words.load import WORDS

NUMBERED = re.compile(r"(?P<number>\d+(?:\.\d+)+) ")
LABEL = re.compile(r"\*\*(?P<label>.+?)[.。]?\*\*")
ADDRESS = re.compile(r"\]\((?P<address>https://[^()\s]+)\)")
TEXTBOOK = "textbook"
MEND = "write it as textbook: {title: 'The book, {number}', address: https://…}"


def ends(page: Page, references: Page | None) -> dict[int, list[str]]:
    """Rows of Markdown by the line of ``page`` before which they belong, the last one included.

    ``references`` is the page that lists works.

    Raises
    ------
    PressError
        For a textbook in the front matter of ``page`` that has no title or no address.
    """
    textbook = _textbook(page)
    listed = f"{references.name}.md#" if references else ""
    works = _works(references, listed) if references else {}
    rows: dict[int, list[str]] = {}
    sections = [heading for heading in page.headings if heading.level <= 2]
    stops = [heading.line for heading in sections] + [len(page.lines) + 1]
    for heading, (start, stop) in zip(sections, pairwise(stops), strict=True):
        named = []
        if textbook and (number := NUMBERED.match(heading.text)):
            title, address = textbook
            named.append(f"[{title.replace('{number}', number['number'])}]({address})")
        cited = [link.text for link in page.links if start <= link.line < stop]
        keys = dict.fromkeys(link.removeprefix(listed) for link in cited)
        named += [works[key] for key in keys if key in works and not (named and key == TEXTBOOK)]
        if named:
            words = f"**{WORDS[page.language].page.read_more}** {' · '.join(named)}"
            rows[stop] = ["", words, f"{{ .sources {UNSEARCHED} }}", ""]
    return rows


def _textbook(page: Page) -> tuple[str, str] | None:
    given = page.meta.get("textbook")
    if given is None:
        return None
    if (
        not isinstance(given, dict)
        or set(given) != {"title", "address"}
        or not all(isinstance(value, str) for value in given.values())
        or not given["address"].startswith("https://")
    ):
        raise PressError(
            f"the front matter names the textbook as {given!r}", path=page.path, line=1, mend=MEND
        )
    return given["title"], given["address"]


def _works(references: Page, listed: str) -> dict[str, str]:
    """A link to each work in the list of references, by its id: to itself, or to its entry.

    A link to an entry begins with ``listed``.
    """
    works = {}
    for mark in references.ids:
        entry = references.lines[mark.line - 2]
        label = LABEL.match(entry)
        if label:
            published = ADDRESS.search(entry)
            address = published["address"] if published else f"{listed}{mark.text}"
            works[mark.text] = f"[{label['label']}]({address})"
    return works
