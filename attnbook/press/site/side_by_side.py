"""Both languages side by side: what a page's toggle shows of the same page in the other language.

Chapters say the same in the same order, so each block of a page has its counterpart. For every
page a script is written beside it, ``<page>.beside.js``, that holds the counterparts of all blocks
that read differently: prose, captions, headings; code, outputs and formulas that both editions
share are not repeated. It is a script and not a document because browsers let pages from a disk
load those. Nothing asks for it until a reader does. The blocks of the page are marked, since other
scripts may move or wrap them before that.
"""

from __future__ import annotations

import copy
import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EntitySubstitution
from bs4.formatter import HTMLFormatter

from ..words.load import WORDS

PAIR = tuple(WORDS)[:2]  # the languages that stand side by side
SUFFIX = ".beside.js"
PARAMETER = "beside"  # in the address of a page whose toggle is on; beside.js reads it, too
MARK = "data-beside"
ID = re.compile(r'<[a-zA-Z][^<>]*?\sid="([^"]+)"')
ARTICLE = re.compile(r"(<article\b[^>]*>)(.*?)(</article>)", re.DOTALL)
HTML5 = HTMLFormatter(
    entity_substitution=EntitySubstitution.substitute_xml,
    void_element_close_prefix="",
    empty_attributes_are_booleans=True,
)
SOURCE = re.compile(r"[^\s,]\S*")  # the address at the start of a part of srcset

# What serves a page and says nothing: one of each is enough.
TOOLS = (
    "a.headerlink, .figure-files, .notebook-links, .cite, .verify, .code-copy, details.code,"
    "form, input, label, select, textarea, output, script, style, template, svg, canvas, iframe,"
    "audio, video, object, [hidden], [popover]"
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Blocks that are read as one.
WHOLE = (*HEADINGS, "p", "blockquote", "figure", "pre", "hr")
# Elements that their counterpart is put into, because nothing may stand between them.
FILLED = ("a", "button", "dd", "dt", "li", "summary", "td", "th")
# With these in a box, the box is one and its contents have counterparts.
SHARED = ".cell, .highlight, .equation, figure, table, details, img"
STOPS = ".,;。，； "
# A start tag up to where one more attribute may stand.
START = re.compile(r"""<[^\s/>]+(?:\s+[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*""")
MARKED = re.compile(rf" {MARK}(?=[\s/>])")
ADDRESSES = ("href", "src", "poster", "data")
# They name other elements by ids, and counterparts have none.
REFERENCES = (
    *("id", "name", "for", "headers", "tabindex", "popovertarget", "commandfor"),
    *("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details"),
)


@dataclass(frozen=True)
class Edition:
    """The pages of a language at ``folder``; ``pages`` are addresses in it."""

    folder: Path
    language: str
    pages: frozenset[str]

    @classmethod
    def read(cls, folder: Path, language: str) -> Edition:
        found = (path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
        return cls(folder, language, frozenset(found))


@dataclass(frozen=True)
class Side:
    """A page in one language: the address in its edition, what is served, the article in it."""

    edition: Edition
    page: str
    html: str
    article: str
    tree: BeautifulSoup
    ids: frozenset[str]

    @classmethod
    def read(cls, edition: Edition, page: str) -> Side:
        # Without marks of an earlier time, if it was complete already.
        html = MARKED.sub("", (edition.folder / page).read_text("utf-8"))
        found = ARTICLE.search(html)
        article = found[2] if found else ""
        tree = BeautifulSoup(article, "html.parser")
        return cls(edition, page, html, article, tree, frozenset(ID.findall(html)))


@dataclass
class Beside:
    """The counterparts of a page's blocks.

    Blocks go by their number among those marked. ``rows`` say which, how (``beside`` them or
    ``inside``), and what is shown. ``columns`` are the boxes that set their contents in two columns
    where there is room.
    """

    rows: list[tuple[list[int], str, str]] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)

    def renumber(self, numbers: Mapping[int, int]) -> None:
        """Give every block the number that ``numbers`` has for it."""
        self.rows = [([numbers[n] for n in own], how, text) for own, how, text in self.rows]
        self.columns = [numbers[n] for n in self.columns]

    def script(self, language: str) -> str:
        """A script that hands all this over; ``language`` is that of the counterparts."""
        data = {
            "lang": WORDS[language].tag,
            "label": WORDS[language].name,
            "columns": self.columns,
            "rows": self.rows,
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return f"globalThis.attnBeside = {text};\n"


def write(site: Path) -> int:
    """Mark the pages of both editions at ``site``, write their scripts; return how many."""
    first, second = (Edition.read(site / language, language) for language in PAIR)
    written = 0
    for page in sorted(first.pages & second.pages):
        sides = [Side.read(edition, page) for edition in (first, second)]
        written += sum(_write(own, other) for own, other in (sides, sides[::-1]))
    return written


def partner(language: str) -> str:
    """The language that stands beside ``language``; empty if it is none of the pair."""
    return PAIR[1 - PAIR.index(language)] if language in PAIR else ""


def complete(folder: Path, language: str, other: Path) -> None:
    """Do this for one edition at ``folder``, with what the other one says at ``other``."""
    own, twins = Edition.read(folder, language), Edition.read(other, partner(language))
    for page in sorted(own.pages & twins.pages):
        _write(Side.read(own, page), Side.read(twins, page))


def _write(own: Side, other: Side) -> bool:
    if not own.article or not other.article:
        return False  # an address that has moved
    marked, shown = beside(own, other)
    path = own.edition.folder / own.page
    path.write_text(marked, "utf-8")
    script = path.with_name(f"{path.stem}{SUFFIX}")
    script.write_text(shown.script(other.edition.language), "utf-8")
    return True


def beside(own: Side, other: Side) -> tuple[str, Beside]:
    """The page ``own`` with its blocks marked, and what is shown beside them of ``other``."""
    pairing = _Pairing(own, other.edition)
    pairing.children(own.tree, other.tree, columns=True)
    before, article, after = own.html.partition(own.article)
    order = sorted(range(len(pairing.marks)), key=lambda n: _place(pairing.marks[n]))
    pairing.found.renumber({old: new for new, old in enumerate(order)})
    return before + _marked(article, pairing.marks) + after, pairing.found


@dataclass
class _Pairing:
    """Goes down both trees at once and notes what has to be shown of the second one."""

    own: Side
    other: Edition
    found: Beside = field(default_factory=Beside)
    marks: list[Tag] = field(default_factory=list)

    def children(self, own: Tag, other: Tag, *, columns: bool) -> None:
        for ours, theirs in pairs(_blocks(own), _blocks(other)):
            if len(ours) == len(theirs) == 1:
                self.block(ours[0], theirs[0], columns=columns)
            elif ours and theirs:
                self.show(ours, "beside", theirs)

    def block(self, own: Tag, other: Tag, *, columns: bool) -> None:
        if _same(own, other):
            return
        if own.name == "table" and (rows := _rows(own, other)):
            self.table(rows)
        elif own.name == other.name and _is_box(own) and _is_box(other):
            inner = columns and _sets_columns(own)
            before = len(self.found.rows)
            self.children(own, other, columns=inner)
            if inner and any(how == "beside" for _, how, _ in self.found.rows[before:]):
                self.found.columns.append(self.mark(own))
        else:
            self.show([own], "inside" if own.name in FILLED else "beside", [other])

    def table(self, rows: Sequence[tuple[list[Tag], list[Tag]]]) -> None:
        for ours, theirs in rows:
            # A glossary has both words in a row already.
            known = {_text(cell) for cell in ours}
            for own, other in zip(ours, theirs, strict=True):
                if _text(other) not in known:
                    self.show([own], "inside", [other])

    def show(self, own: Sequence[Tag], how: str, other: Sequence[Tag]) -> None:
        shown = [clean for clean in map(self.clean, other) if _text(clean) or clean.find("img")]
        if how == "beside":
            text = "".join(block.decode(formatter=HTML5) for block in shown)
        else:
            text = "".join(block.decode_contents(formatter=HTML5).strip() for block in shown)
        if shown:
            self.found.rows.append(([self.mark(block) for block in own], how, text))

    def mark(self, block: Tag) -> int:
        for number, marked in enumerate(self.marks):
            if marked is block:
                return number
        self.marks.append(block)
        return len(self.marks) - 1

    def clean(self, block: Tag) -> Tag:
        """What is shown of ``block``: no ids, no tools, addresses that hold on the own page."""
        block = copy.copy(block)
        for tool in block.select(TOOLS):
            tool.decompose()
        for button in block.select("button"):
            button.unwrap()
        for element in (block, *block.find_all(True)):
            for name in REFERENCES:
                del element[name]
            for name in ADDRESSES:
                if name in element.attrs:
                    element[name] = self.address(str(element[name]))
            if "srcset" in element.attrs:
                parts = str(element["srcset"]).split(",")
                element["srcset"] = ",".join(
                    SOURCE.sub(lambda found: self.address(found[0]), part, count=1)
                    for part in parts
                )
        if block.name == "h1":  # a page has one
            block.name = "p"
            block["class"] = "beside-title"
        return block

    def address(self, address: str) -> str:
        """``address`` of the other page, as the own page has to say it.

        Pages of the book stay in the reader's edition, with both languages on; files are those
        of the other one.
        """
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not address:
            return address
        folder = posixpath.dirname(self.own.page)
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        if not parts.path:
            if unquote(parts.fragment) in self.own.ids:
                return address
            parts = parts._replace(path=posixpath.basename(self.own.page))
        target = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
        here = not anchor or bool(urlsplit(address).path)
        if target in self.own.edition.pages and here:
            return f"{parts.path}?{PARAMETER}{anchor}"
        base = posixpath.join(self.own.edition.language, folder)
        path = posixpath.join(self.other.language, folder, parts.path)
        moved = posixpath.relpath(path, base) + ("/" if parts.path.endswith("/") else "")
        query = f"?{parts.query}" if parts.query else ""
        return f"{moved}{query}{anchor}"


def pairs(own: list[Tag], other: list[Tag]) -> Iterator[tuple[list[Tag], list[Tag]]]:
    """Which blocks of two sequences belong together.

    One to one where both are built alike; elsewhere blocks that both have (headings, cells,
    formulas) are fixed points, and what lies between them belongs together as a whole.
    """
    if [_kind(block) for block in own] == [_kind(block) for block in other]:
        yield from (([one], [two]) for one, two in zip(own, other, strict=True))
        return
    matcher = SequenceMatcher(
        None, [_identity(block) for block in own], [_identity(block) for block in other], False
    )
    for tag, start, stop, other_start, other_stop in matcher.get_opcodes():
        ours, theirs = own[start:stop], other[other_start:other_stop]
        alike = [block.name for block in ours] == [block.name for block in theirs]
        if tag == "equal" or alike:
            yield from (([one], [two]) for one, two in zip(ours, theirs, strict=True))
        else:
            yield ours, theirs


def _blocks(box: Tag) -> list[Tag]:
    """The elements of ``box`` that say something."""
    return [child for child in box.find_all(True, recursive=False) if not child.css.match(TOOLS)]


def _kind(block: Tag) -> tuple[str, str, str]:
    return block.name, " ".join(block.get("class") or ()), str(block.get("id", ""))


def _identity(block: Tag) -> tuple[str, str]:
    name = str(block.get("id", ""))
    return block.name, f"#{name}" if name else _text(block)


def _text(block: Tag) -> str:
    return re.sub(r"\s+", " ", block.get_text()).strip()


def _same(own: Tag, other: Tag) -> bool:
    """Whether both read the same. Pictures are drawn in the language of their page."""
    if _text(own) == _text(other):
        return not own.select_one("figure img")
    ours, theirs = _formula(own), _formula(other)
    return ours == theirs != ""


def _formula(block: Tag) -> str:
    """The letters of a formula in a row of its own, without the stop of the sentence it ends."""
    if "equation" not in (block.get("class") or ()):
        return ""
    maths = block.select_one("math")
    return maths.get_text().strip().rstrip(STOPS) if maths else ""


def _is_box(block: Tag) -> bool:
    """Whether the contents of ``block`` have counterparts of their own."""
    if block.name in WHOLE or "equation" in (block.get("class") or ()):
        return False
    if any(isinstance(child, str) and child.strip() for child in block.children):
        return False
    if block.name in ("ul", "ol", "dl") and not block.get("class"):
        return block.select_one(SHARED) is not None
    if "admonition" in (block.get("class") or ()):
        return block.select_one(SHARED) is not None
    if "highlight" in (block.get("class") or ()) or block.name == "table":
        return False
    return bool(_blocks(block))


def _sets_columns(box: Tag) -> bool:
    classes = set(box.get("class") or ())
    if box.name in ("details", "section"):
        return True
    return box.name == "div" and (not classes or bool(classes & {"cell", "admonition"}))


def _rows(own: Tag, other: Tag) -> list[tuple[list[Tag], list[Tag]]]:
    """The cells of two tables of one shape, row by row; nothing for others."""
    ours, theirs = ([row.find_all(["td", "th"]) for row in t.find_all("tr")] for t in (own, other))
    if [len(row) for row in ours] != [len(row) for row in theirs]:
        return []
    return list(zip(ours, theirs, strict=True))


def _place(block: Tag) -> tuple[int, int]:
    """Line and column of the start tag of ``block``."""
    assert block.sourceline is not None
    assert block.sourcepos is not None
    return block.sourceline, block.sourcepos


def _marked(html: str, blocks: Sequence[Tag]) -> str:
    """``html`` with the start tags of ``blocks`` marked; nothing else of it changes."""
    lines = [0, *(match.end() for match in re.finditer("\n", html))]
    parts, last = [], 0
    for block in sorted(blocks, key=_place):
        line, column = _place(block)
        tag = START.match(html, lines[line - 1] + column)
        assert tag is not None
        parts += [html[last : tag.end()], f" {MARK}"]
        last = tag.end()
    return "".join([*parts, html[last:]])
