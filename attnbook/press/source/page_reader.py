"""Pages of prose, one file per chapter and language, read with the line of all that a build checks.

A page is ordinary Markdown for the site generator, except for five fences and one kind of braces
that the press replaces: ``cell`` places a cell of the chapter script by its label, ``figure`` a
figure of another page, ``glossary`` the term table, ``cite`` how to cite the book, ``reference``
what modules of the library have for readers; ``{{ name:.2f }}`` places a number that the execution
computed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from ..base import author_files, author_yaml
from ..base.errors import PressError, PressErrors, did_you_mean
from . import raw_html

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,}) *(?P<info>[^`]*)$")
HEADING = re.compile(r"^(?P<marks>#{1,6}) +(?P<text>.+?)(?: +\{#(?P<id>[^}\s]+)[^}]*\})? *$")
ATTRIBUTE_ID = re.compile(r"\{:?[^{}]*#(?P<id>[A-Za-z][\w.:-]*)[^{}]*\}")
TAG = re.compile(r"\\tag\{(?P<tag>[^}]*)\}")
LINK = re.compile(r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^()\s]+)(?: +\"[^\"]*\")?\)")
EMPTY = re.compile(r"(?<![\\!])\[\]\((?P<target>[^()\s]+)\)")
TERM = "term:"  # [查询](term:query) leads to the term's place in the glossary
NAME = re.compile(r"\{\{ *(?P<name>[A-Za-z_][\w.]*) *(?::(?P<spec>[^{}]*?))? *\}\}")
BRACES = re.compile(r"\{\{.*?\}\}")
CODE_SPAN = re.compile(r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)")
MATHS = re.compile(r"(?<!\\)\$[^$]*(?<!\\)\$")
DOLLAR = re.compile(r"(?<!\\)\$")
PICTURE = re.compile(r"(?<!\\)!\[[^\]]*\]\((?P<address>[^()\s]+)")
FENCES = ("cell", "figure", "glossary", "cite", "reference")
META = {"title": str, "description": str, "chapter": str, "textbook": object, "hide": list}
CHAPTER = re.compile(r"[A-Za-z_]\w*")
OPTIONS = {"title": str, "caption": str, "alt": str, "fold": bool}


@dataclass(frozen=True)
class Placement:
    """A ``cell`` or ``figure`` fence: ``line`` to ``end`` (both counted from 1) on the page."""

    label: str
    line: int
    end: int
    title: str = ""
    caption: str = ""
    alt: str = ""
    fold: bool = False


@dataclass(frozen=True)
class ReferenceFence:
    """A ``reference`` fence, ``line`` to ``end``, and the modules that it names, in this order."""

    modules: tuple[str, ...]
    line: int
    end: int


@dataclass(frozen=True)
class Heading:
    """A heading with its explicit, language-neutral id."""

    level: int
    text: str
    id: str
    line: int


@dataclass(frozen=True)
class Mark:
    """An equation tag, a link target, an id or a name in braces, and its line on the page."""

    text: str
    line: int
    empty: bool = False  # whether it is the target of a link without text: [](target)


@dataclass
class Page:
    """One page in one language.

    ``start`` is the index in ``lines`` of the first row below the front matter; all other line
    numbers count from 1, as editors do. ``placements`` are its ``cell`` fences, ``borrowed`` its
    ``figure`` fences, ``reference`` the fences of that name, ``names`` its ``{{ … }}``, ``ids`` the
    ids in ``{#id}``; ``glossary`` and ``cite`` hold first and last line of such fences, ``fenced``
    all lines of fences, rims included.
    """

    path: Path
    language: str
    meta: dict[str, Any]
    lines: list[str]
    start: int
    headings: list[Heading] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    borrowed: list[Placement] = field(default_factory=list)
    tags: list[Mark] = field(default_factory=list)
    links: list[Mark] = field(default_factory=list)
    names: list[Mark] = field(default_factory=list)
    ids: list[Mark] = field(default_factory=list)
    glossary: list[tuple[int, int]] = field(default_factory=list)
    cite: list[tuple[int, int]] = field(default_factory=list)
    reference: list[ReferenceFence] = field(default_factory=list)
    fenced: set[int] = field(default_factory=set)

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def chapter(self) -> str | None:
        return self.meta.get("chapter")

    @property
    def terms(self) -> list[Mark]:
        """The keys of the glossary terms that the page marks."""
        return [
            Mark(mark.text.removeprefix(TERM), mark.line)
            for mark in self.links
            if mark.text.startswith(TERM)
        ]

    @property
    def anchors(self) -> set[str]:
        """All ids that a link to this page can name, except those of terms in the glossary."""
        return (
            {mark.text for mark in self.ids}
            | {f"eq-{mark.text}" for mark in self.tags}
            | {f"cell-{placement.label}" for placement in self.placements}
            | {f"fig-{placement.label}" for placement in self.placements if placement.caption}
        )


def without_code(row: str) -> str:
    """``row`` with code spans blanked out, column by column."""
    return CODE_SPAN.sub(lambda match: " " * len(match[0]), row)


def read(path: Path, language: str) -> Page:
    """Read the page at ``path``, in ``language``.

    Raises
    ------
    PressError
        If the page has no proper front matter.
    PressErrors
        For all wrong fences, headings, names and ids together.
    """
    lines = author_files.read(path).splitlines()
    errors: list[PressError] = []
    meta, start = _front_matter(path, lines)
    page = Page(path, language, meta, lines, start)
    number = start
    open_equation: int | None = None
    while number < len(lines):
        row = lines[number]
        if fence := FENCE.match(row):
            close = _closing(lines, number, fence["ticks"])
            if close is None:
                errors.append(
                    PressError(
                        "this fence is never closed",
                        path=path,
                        line=number + 1,
                        mend=f"add a line {fence['ticks']} below its content",
                    )
                )
                break
            page.fenced |= set(range(number + 1, close + 2))
            _fenced(page, fence["info"].strip(), number, close, errors)
            number = close + 1
            continue
        if heading := HEADING.match(row):
            _heading(page, heading, number, errors)
        bare = without_code(row)
        open_equation = _equation(page, bare, number, open_equation)
        page.links += _links(bare, number + 1)
        page.ids += [Mark(match["id"], number + 1) for match in ATTRIBUTE_ID.finditer(bare)]
        _names(page, bare, number, errors)
        number += 1
    if open_equation is not None:
        errors.append(
            PressError(
                "this $$ is never closed",
                path=path,
                line=open_equation + 1,
                mend="close it with $$",
            )
        )
    _check_uniqueness(page, errors)
    _check_prose(page, errors)
    if errors:
        raise PressErrors(errors)
    return page


def _links(bare: str, line: int) -> list[Mark]:
    return [
        Mark(match["target"], line, empty=match[0].startswith("[]"))
        for match in LINK.finditer(bare)
    ]


def _front_matter(path: Path, lines: list[str]) -> tuple[dict[str, Any], int]:
    mend = "begin the page with '---', 'title: …', 'description: …', '---'"
    if not lines or lines[0].strip() != "---":
        raise PressError("the page has no front matter", path=path, line=1, mend=mend)
    try:
        end = lines.index("---", 1)
    except ValueError:
        raise PressError("the front matter is not closed", path=path, line=1, mend=mend) from None
    try:
        meta = author_yaml.load("\n".join(lines[1:end])) or {}
    except yaml.MarkedYAMLError as error:
        line = 2 + (error.problem_mark.line if error.problem_mark else 0)
        raise PressError(
            f"the front matter is not YAML: {error.problem}", path=path, line=line, mend=mend
        ) from None
    if not isinstance(meta, dict):
        raise PressError("the front matter has no keys", path=path, line=1, mend=mend)
    for key, value in meta.items():
        if key not in META:
            near = did_you_mean(str(key), META, f"the keys are {', '.join(META)}")
            raise PressError(f"the front matter has the key {key!r}", path=path, line=1, mend=near)
        if key not in ("title", "description") and not isinstance(value, META[key]):
            raise PressError(
                f"the front matter has {key}: {value!r}",
                path=path,
                line=1,
                mend="chapter is the name of a script, hide a list: [navigation, toc]",
            )
    for key in ("title", "description"):
        if not isinstance(meta.get(key), str) or not meta[key].strip():
            raise PressError(f"the front matter has no {key!r}", path=path, line=1, mend=mend)
        author_files.require_plain(meta[key], f"the {key}", path, 1)
    if not CHAPTER.fullmatch(meta.get("chapter", "_")):
        raise PressError(
            f"the front matter has chapter: {meta['chapter']!r}",
            path=path,
            line=1,
            mend="write the name of a script in the folder of the chapters, without .py",
        )
    return meta, end + 1


def _closing(lines: list[str], start: int, ticks: str) -> int | None:
    """The index of the row that closes the fence of ``ticks`` opened in row ``start``."""
    close = re.compile(rf"^ *{re.escape(ticks[0])}{{{len(ticks)},}} *$")
    return next((n for n in range(start + 1, len(lines)) if close.match(lines[n])), None)


def _fenced(page: Page, info: str, start: int, end: int, errors: list[PressError]) -> None:
    if info == "glossary":
        page.glossary.append((start + 1, end + 1))
    elif info == "cite":
        page.cite.append((start + 1, end + 1))
    elif info == "reference":
        modules = tuple(row.strip() for row in page.lines[start + 1 : end] if row.strip())
        page.reference.append(ReferenceFence(modules, start + 1, end + 1))
        if not modules:
            errors.append(
                PressError(
                    "the reference fence names no module",
                    path=page.path,
                    line=start + 1,
                    mend="write the modules below ``` reference, a line each, as readers need them",
                )
            )
    elif info in ("cell", "figure"):
        placements = page.placements if info == "cell" else page.borrowed
        try:
            placements.append(_placement(page, start, end, errors))
        except PressError as error:
            errors.append(error)
    elif info:
        language = info.split()[0].strip("{}.")
        try:
            get_lexer_by_name(language)
        except ClassNotFound:
            mend = f"write {', '.join(FENCES)} or the name of a language, such as python or text"
            errors.append(
                PressError(
                    f"there is no fence {language!r}, nor a language of this name",
                    path=page.path,
                    line=start + 1,
                    mend=did_you_mean(language, FENCES, mend),
                )
            )


def _placement(page: Page, start: int, end: int, errors: list[PressError]) -> Placement:
    body = page.lines[start + 1 : end]
    line = start + 1
    if page.lines[start].startswith(" "):
        raise PressError(
            "the cell fence is indented",
            path=page.path,
            line=line,
            mend="put it at the left margin (a solution is <details markdown=1>, not indented)",
        )
    label = body[0].strip() if body else ""
    if not label or ":" in label:
        raise PressError(
            "the cell fence names no label",
            path=page.path,
            line=line,
            mend="write the label of a cell of the chapter in the line after ``` cell",
        )
    try:
        options = author_yaml.load("\n".join(body[1:])) or {}
    except yaml.MarkedYAMLError as error:
        row = line + 2 + (error.problem_mark.line if error.problem_mark else 0)
        raise PressError(
            f"the options of cell {label!r} are not YAML: {error.problem}",
            path=page.path,
            line=row,
            mend="put a value that holds ': ' or starts with a mark in single quotes",
        ) from None
    if not isinstance(options, dict):
        raise PressError(
            f"the options of cell {label!r} have no keys: {options!r}",
            path=page.path,
            line=line + 1,
            mend="the options are title: text, caption: text, alt: text, fold: true",
        )
    for key, value in options.items():
        if key not in OPTIONS or not isinstance(value, OPTIONS[key]):
            raise PressError(
                f"cell {label!r} has the option {key!r}: {value!r}",
                path=page.path,
                line=line,
                mend="the options are title: text, caption: text, alt: text, fold: true",
            )
    for key, value in options.items():
        if isinstance(value, str):
            author_files.require_plain(value, f"the {key} of cell {label!r}", page.path, line)
    for offset, row in enumerate(body[1:]):
        bare = without_code(row)
        page.links += _links(bare, line + 2 + offset)
        _names(page, bare, line + 1 + offset, errors)
    return Placement(label, line, end + 1, **options)


def _heading(page: Page, heading: re.Match[str], number: int, errors: list[PressError]) -> None:
    if heading["id"] is None:
        errors.append(
            PressError(
                f"the heading {heading['text']!r} has no id",
                path=page.path,
                line=number + 1,
                mend="end it with an id that both languages share, such as {#average-pooling}",
            )
        )
        return
    level = len(heading["marks"])
    page.headings.append(Heading(level, heading["text"].strip(), heading["id"], number + 1))


def _equation(page: Page, bare: str, number: int, open_line: int | None) -> int | None:
    """Collect the tags in a row; return the row that opened a ``$$`` which is still open."""
    page.tags += [Mark(match["tag"], number + 1) for match in TAG.finditer(bare)]
    if bare.count("$$") % 2:
        return number if open_line is None else None
    return open_line


def _names(page: Page, bare: str, number: int, errors: list[PressError]) -> None:
    for match in BRACES.finditer(bare):
        if not NAME.fullmatch(match[0]):
            errors.append(
                PressError(
                    f"{match[0]} does not name a number",
                    path=page.path,
                    line=number + 1,
                    mend="write {{ name }} or {{ name:.2f }}, or {{ other_chapter.name }}",
                )
            )
            continue
        page.names.append(Mark(match[0], number + 1))


def _check_prose(page: Page, errors: list[PressError]) -> None:
    """Check what stands outside of fences: raw HTML, pictures, braces and dollars."""

    def wrong(line: int, what: str, mend: str) -> None:
        errors.append(PressError(what, path=page.path, line=line, mend=mend))

    rows = [
        "" if number < page.start or number + 1 in page.fenced else without_code(row)
        for number, row in enumerate(page.lines)
    ]
    for line, what, mend in raw_html.mistakes("\n".join(rows)):
        wrong(line, what, mend)
    is_equation = False
    paragraph: list[tuple[int, str]] = []
    for line, row in enumerate([*rows, ""], 1):
        for picture in PICTURE.finditer(row):
            if raw_html.is_elsewhere(picture["address"]):
                wrong(line, f"the picture {picture['address']} is on another host", raw_html.BRING)
        if is_equation or "$$" in row:
            is_equation ^= row.count("$$") % 2 == 1
            continue
        if row.strip():
            paragraph.append((line, row))
            continue
        text = "\n".join(row for _, row in paragraph)
        if len(DOLLAR.findall(text)) % 2:
            last = [line for line, row in paragraph if DOLLAR.search(row)][-1]
            wrong(last, "this $ has no other one", "close the formula, or write \\$ for a dollar")
            paragraph = []
        for line_of_row, row_of_text in paragraph:
            bare = BRACES.sub("", MATHS.sub("", row_of_text))
            for braces, mend in (("{{", "close it with }}"), ("}}", "open it with {{")):
                if braces in bare:
                    wrong(line_of_row, f"these {braces} have no others", mend)
        paragraph = []


def _check_uniqueness(page: Page, errors: list[PressError]) -> None:
    """Check what no single row shows: there is one title, no id or tag is used twice."""
    tops = [heading for heading in page.headings if heading.level == 1]
    if len(tops) != 1:
        errors.append(
            PressError(
                f"the page has {len(tops)} headings of level 1",
                path=page.path,
                line=tops[1].line if tops else page.start + 1,
                mend="give it exactly one '# Title {#id}'",
            )
        )
    for kind, marks in (("id", page.ids), ("equation tag", page.tags)):
        seen: dict[str, int] = {}
        for mark in marks:
            if mark.text in seen:
                errors.append(
                    PressError(
                        f"the {kind} {mark.text!r} is already used in line {seen[mark.text]}",
                        path=page.path,
                        line=mark.line,
                        mend="give each its own",
                    )
                )
            seen.setdefault(mark.text, mark.line)
