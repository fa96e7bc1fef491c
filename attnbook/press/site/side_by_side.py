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

from lxml.html import HtmlElement

from ..finishing import page_tree
from ..words.load import WORDS

PAIR = tuple(WORDS)[:2]  # the languages that stand side by side
SUFFIX = ".beside.js"
PARAMETER = "beside"  # in the address of a page whose toggle is on; beside.js reads it, too
MARK = "data-beside"
SOURCE = re.compile(r"[^\s,]\S*")  # the address at the start of a part of srcset

# What serves a page and says nothing: one of each is enough.
TOOL_TAGS = (
    *("form", "input", "label", "select", "textarea", "output", "script", "style", "template"),
    *("svg", "canvas", "iframe", "audio", "video", "object"),
)
TOOL_CLASSES = frozenset(("figure-files", "notebook-links", "cite", "verify", "code-copy"))
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Blocks that are read as one.
WHOLE = (*HEADINGS, "p", "blockquote", "figure", "pre", "hr")
# Elements that their counterpart is put into, because nothing may stand between them.
FILLED = ("a", "button", "dd", "dt", "li", "summary", "td", "th")
# With these in a box, the box is one and its contents have counterparts.
SHARED_TAGS = ("figure", "table", "details", "img")
SHARED_CLASSES = frozenset(("cell", "highlight", "equation"))
STOPS = ".,;。，； "
ADDRESSES = ("href", "src", "poster", "data")
# They name other elements by ids, and counterparts have none.
REFERENCES = (
    *("id", "name", "for", "headers", "tabindex", "popovertarget", "commandfor"),
    *("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details"),
)


Blocks = list[HtmlElement]


@dataclass(frozen=True)
class Edition:
    """The pages of a language at ``folder``; ``pages`` are addresses in it."""

    folder: Path
    language: str
    pages: frozenset[str]

    @classmethod
    def read(cls, folder: Path, language: str) -> Edition:
        names = (path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
        return cls(folder, language, frozenset(names))


@dataclass(frozen=True)
class Side:
    """A page in one language: its address in the edition, its tree, the article in it, its ids."""

    edition: Edition
    page: str
    root: HtmlElement
    article: HtmlElement | None
    ids: frozenset[str]

    @classmethod
    def read(cls, edition: Edition, page: str) -> Side:
        root = page_tree.parse((edition.folder / page).read_text("utf-8"))
        for marked in root.xpath(f"//*[@{MARK}]"):  # if it was complete already
            del marked.attrib[MARK]
        article = next(iter(root.xpath("//article")), None)
        return cls(edition, page, root, article, frozenset(page_tree.ids(root)))


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
    if own.article is None or other.article is None:
        return False  # an address that has moved
    pieces = beside(own, own.article, other, other.article)
    path = own.edition.folder / own.page
    path.write_text(page_tree.serialise(own.root), "utf-8")
    script = path.with_name(f"{path.stem}{SUFFIX}")
    script.write_text(pieces.script(other.edition.language), "utf-8")
    return True


def beside(own: Side, article: HtmlElement, other: Side, other_article: HtmlElement) -> Beside:
    """What is shown beside the blocks of ``article``, which are marked, of ``other_article``."""
    pairing = _Pairing(own, other.edition)
    pairing.children(article, other_article, columns=True)
    in_order = [block for block in article.iter() if block in pairing.marks]
    for block in in_order:
        block.set(MARK)
    pairing.found.renumber({pairing.marks[block]: new for new, block in enumerate(in_order)})
    return pairing.found


@dataclass
class _Pairing:
    """Goes down both trees at once and notes what has to be shown of the second one."""

    own: Side
    other: Edition
    found: Beside = field(default_factory=Beside)
    marks: dict[HtmlElement, int] = field(default_factory=dict)

    def children(self, own: HtmlElement, other: HtmlElement, *, columns: bool) -> None:
        for ours, theirs in pairs(_blocks(own), _blocks(other)):
            if len(ours) == len(theirs) == 1:
                self.block(ours[0], theirs[0], columns=columns)
            elif ours and theirs:
                self.show(ours, "beside", theirs)

    def block(self, own: HtmlElement, other: HtmlElement, *, columns: bool) -> None:
        if _same(own, other):
            return
        if own.tag == "table" and (rows := _rows(own, other)):
            self.table(rows)
        elif own.tag == other.tag and _is_box(own) and _is_box(other):
            inner = columns and _sets_columns(own)
            before = len(self.found.rows)
            self.children(own, other, columns=inner)
            if inner and any(how == "beside" for _, how, _ in self.found.rows[before:]):
                self.found.columns.append(self.mark(own))
        else:
            self.show([own], "inside" if own.tag in FILLED else "beside", [other])

    def table(self, rows: Sequence[tuple[Blocks, Blocks]]) -> None:
        for ours, theirs in rows:
            # A glossary has both words in a row already.
            texts = {_text(cell) for cell in ours}
            for own, other in zip(ours, theirs, strict=True):
                if _text(other) not in texts:
                    self.show([own], "inside", [other])

    def show(self, own: Sequence[HtmlElement], how: str, other: Sequence[HtmlElement]) -> None:
        blocks = [block for block in map(self.clean, other) if _text(block) or _has(block, "img")]
        if how == "beside":
            text = "".join(page_tree.outer_html(block) for block in blocks)
        else:
            text = "".join(page_tree.inner_html(block).strip() for block in blocks)
        if blocks:
            self.found.rows.append(([self.mark(block) for block in own], how, text))

    def mark(self, block: HtmlElement) -> int:
        return self.marks.setdefault(block, len(self.marks))

    def clean(self, block: HtmlElement) -> HtmlElement:
        """What is shown of ``block``: no ids, no tools, addresses that hold on the own page."""
        block = copy.deepcopy(block)
        block.tail = None
        for element in [one for one in block.iterdescendants() if _is_tool(one)]:
            element.drop_tree()
        for button in list(block.iterdescendants("button")):
            button.drop_tag()
        for element in block.iter():
            for name in (*REFERENCES, MARK):
                element.attrib.pop(name, None)
            for name in ADDRESSES:
                if name in element.attrib:
                    element.set(name, self.address(element.get(name)))
            if "srcset" in element.attrib:
                parts = element.get("srcset").split(",")
                moved = (
                    SOURCE.sub(lambda found: self.address(found[0]), part, count=1)
                    for part in parts
                )
                element.set("srcset", ",".join(moved))
        if block.tag == "h1":  # a page has one
            block.tag = "p"
            block.set("class", "beside-title")
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


def pairs(own: Blocks, other: Blocks) -> Iterator[tuple[Blocks, Blocks]]:
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
        alike = [block.tag for block in ours] == [block.tag for block in theirs]
        if tag == "equal" or alike:
            yield from (([one], [two]) for one, two in zip(ours, theirs, strict=True))
        else:
            yield ours, theirs


def _is_tool(element: HtmlElement) -> bool:
    """Whether ``element`` serves the page and says nothing."""
    classes = _classes(element)
    return (
        not isinstance(element.tag, str)
        or (element.tag in TOOL_TAGS and not _is_drawn_in_formula(element))
        or not TOOL_CLASSES.isdisjoint(classes)
        or (element.tag == "a" and "headerlink" in classes)
        or (element.tag == "details" and "code" in classes)
        or "hidden" in element.attrib
        or "popover" in element.attrib
    )


def _is_drawn_in_formula(element: HtmlElement) -> bool:
    """Whether ``element`` is the drawing of a root, an arrow or a brace in a formula."""
    return element.tag == "svg" and any("katex" in _classes(one) for one in element.iterancestors())


def _classes(element: HtmlElement) -> list[str]:
    return element.get("class", "").split()


def _has(block: HtmlElement, *tags: str) -> bool:
    return next(block.iterdescendants(*tags), None) is not None


def _blocks(box: HtmlElement) -> Blocks:
    """The elements of ``box`` that say something."""
    return [child for child in box if not _is_tool(child)]


def _kind(block: HtmlElement) -> tuple[str, str, str]:
    return block.tag, " ".join(_classes(block)), block.get("id", "")


def _identity(block: HtmlElement) -> tuple[str, str]:
    name = block.get("id", "")
    return block.tag, f"#{name}" if name else _text(block)


def _text(block: HtmlElement) -> str:
    return " ".join(block.text_content().split())


def _same(own: HtmlElement, other: HtmlElement) -> bool:
    """Whether both read the same. Pictures are drawn in the language of their page."""
    if _text(own) == _text(other):
        return not own.xpath(".//figure//img")
    ours, theirs = _formula(own), _formula(other)
    return ours == theirs != ""


def _formula(block: HtmlElement) -> str:
    """The letters of a formula in a row of its own, without the stop of the sentence it ends."""
    if "equation" not in _classes(block):
        return ""
    letters = block.xpath(".//math//text()[not(parent::annotation)]")
    return "".join(letters).strip().rstrip(STOPS)


def _is_box(block: HtmlElement) -> bool:
    """Whether the contents of ``block`` have counterparts of their own."""
    classes = _classes(block)
    if block.tag in (*WHOLE, "table") or "equation" in classes or "highlight" in classes:
        return False
    if any((text or "").strip() for text in (block.text, *(child.tail for child in block))):
        return False
    if (block.tag in ("ul", "ol", "dl") and not classes) or "admonition" in classes:
        return _has(block, *SHARED_TAGS) or any(
            not SHARED_CLASSES.isdisjoint(_classes(one)) for one in block.iterdescendants()
        )
    return bool(_blocks(block))


def _sets_columns(box: HtmlElement) -> bool:
    classes = set(_classes(box))
    if box.tag in ("details", "section"):
        return True
    return box.tag == "div" and (not classes or bool(classes & {"cell", "admonition"}))


def _rows(own: HtmlElement, other: HtmlElement) -> list[tuple[Blocks, Blocks]]:
    """The cells of two tables of one shape, row by row; nothing for others."""
    ours, theirs = (
        [list(row.iterdescendants("td", "th")) for row in table.iterdescendants("tr")]
        for table in (own, other)
    )
    if [len(row) for row in ours] != [len(row) for row in theirs]:
        return []
    return list(zip(ours, theirs, strict=True))
