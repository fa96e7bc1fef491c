"""Raw HTML in a page: a few elements that give structure, all closed, and nothing else.

Links, pictures and behaviour have other ways into a page, which are checked; in raw HTML they
would pass every check and fail, if at all, in a reader's browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

ELEMENTS = ("details", "summary", "div", "span", "p", "br", "sub", "sup", "kbd", "img")
ATTRIBUTES = ("class", "id", "markdown", "open", "lang", "dir", "title")
OF_IMG = ("src", "alt", "width", "height")
EMPTY = {"br", "img"}
INSTEAD = {
    "a": "write the link in Markdown: [text](page.md#id)",
    "script": "put behaviour into a script of docs/theme/overrides/assets/",
    "style": "put styles into a sheet of docs/theme/overrides/assets/, and give a class",
}
ALLOWED = f"raw HTML may have {', '.join(ELEMENTS)} with {', '.join(ATTRIBUTES)}"


BRING = "nothing is asked of other hosts: make it a figure of a cell, or a file of the theme"


def is_elsewhere(address: str) -> bool:
    """Whether ``address`` of a picture leaves the site."""
    return re.match(r"\s*(?:[A-Za-z][\w+.-]*:|//)", address) is not None


def mistakes(text: str) -> Iterator[tuple[int, str, str]]:
    """Line (from 1), what is wrong and its mend, for all raw HTML in ``text``."""
    parser = _Parser(convert_charrefs=False)
    parser.feed(text)
    parser.close()
    yield from parser.found
    for tag, line in parser.open:
        yield line, f"the element <{tag}> is never closed", f"add </{tag}> below its content"


class _Parser(HTMLParser):
    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.found: list[tuple[int, str, str]] = []
        self.open: list[tuple[str, int]] = []

    def set_cdata_mode(self, elem: str, **_: object) -> None:
        """Look at what follows a <script>, too: it is refused anyway."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ":" in tag or "@" in tag:  # <https://…>, an address of Markdown
            return
        line = self.getpos()[0]
        if tag not in ELEMENTS:
            mend = INSTEAD.get(tag, f"{ALLOWED}; in a formula write a < b with spaces, or \\lt")
            self.found.append((line, f"the page has the raw element <{tag}>", mend))
            return
        for name, value in attrs:
            if name == "src" and is_elsewhere(value or ""):
                self.found.append((line, f"the picture {value} is on another host", BRING))
            if name not in (*ATTRIBUTES, *(OF_IMG if tag == "img" else ())):
                what = f"the raw element <{tag}> has the attribute {name!r}"
                self.found.append((line, what, ALLOWED))
        if tag not in EMPTY:
            self.open.append((tag, line))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        depth = len(self.open)
        self.handle_starttag(tag, attrs)
        del self.open[depth:]

    def handle_endtag(self, tag: str) -> None:
        line = self.getpos()[0]
        if tag not in ELEMENTS or tag in EMPTY:
            return
        if not self.open or self.open[-1][0] != tag:
            expected = (
                f"<{self.open[-1][0]}> of line {self.open[-1][1]}" if self.open else "nothing"
            )
            what = f"</{tag}> closes {expected}"
            self.found.append((line, what, f"close elements in reverse order, <{tag}> among them"))
            return
        self.open.pop()
