"""Punctuation of the sources: what each language writes, and pictures that say nothing.

Only text that a reader sees is looked at: code, formulas, addresses, attributes and numbers to be
filled in stand for themselves.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..base import author_files
from ..base.errors import PressError
from ..source import figure_messages
from ..source.page_reader import Page
from ..words.load import WORDS

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
THING = "\ufffc"  # stands for code, a formula or a number: no text of its own, but not nothing

# What is no text, or is text of another kind; rows of a page stay where they are.
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SCRIPT = re.compile(r"<(?P<tag>script|style|svg|pre)\b.*?</(?P=tag)>", re.DOTALL)
CODE = re.compile(r"(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
MATHS = re.compile(r"(?<!\\)\$\$.*?\$\$|(?<![\\$])\$(?!\s)[^$\n]+?\$", re.DOTALL)
BRACES = re.compile(r"\{\{[^{}]*\}\}")
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
AUTOLINK = re.compile(r"<(?:https?|mailto):[^<>\s]*>|https?://[^\s)>\]，。；”]+")
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]*\)")
EMPTY_LINK = re.compile(r"(?<!!)\[\]\([^()\s]*\)")
TARGET = re.compile(r"\]\([^()\s]*(?: +\"[^\"]*\")?\)")
ATTRIBUTES = re.compile(r"\{:? *[#.\w][^{}\n]*\}")
ADMONITION = re.compile(r"^(?P<mark>[!?]{3}\+?[^\"\n]*)\"(?P<title>[^\n]*)\" *$", re.MULTILINE)
RULE = re.compile(r"^[ \t|:+-]*$", re.MULTILINE)
PICTURE = re.compile(r"<img\b[^<>]*>", re.DOTALL)
ALT = re.compile(r"\salt=", re.DOTALL)

Rule = tuple[re.Pattern[str], str, str]
RULES: Mapping[str, tuple[Rule, ...]] = {
    "zh": (
        (re.compile(r"[\"']"), "a straight quotation mark", "write “…”, inside of them ‘…’"),
        (
            re.compile(
                rf"(?<=[{HAN}{THING}])[,;:?!](?!\w)|(?<=[{HAN}])[,;:?!]|[,;:?!](?= ?[{HAN}])"
            ),
            "half-width punctuation beside Chinese text",
            "write ，、；：？ or ！",
        ),
        (
            re.compile(rf"(?<=[{HAN}])\.(?![\w.])|(?<=[{THING}])\.(?=\s|$)"),
            "a half-width full stop after Chinese text",
            "write 。",
        ),
        (
            re.compile(rf"(?<=[{HAN}])[()]|[()](?=[{HAN}])"),
            "a half-width parenthesis beside Chinese text",
            "write （ and ）",
        ),
        (re.compile(r"\.{3,}|。{2,}"), "dots for an ellipsis", "write ……"),
        (re.compile(r"--+"), "hyphens for a dash", "write ——, or – between numbers"),
    ),
    "en": (
        (re.compile(r'"'), "a straight quotation mark", "write “ and ”"),
        (re.compile(r"(?<=\w)'(?=\w)"), "a straight apostrophe", "write ’"),
        (re.compile(r"\.{3,}"), "dots for an ellipsis", "write …"),
        (re.compile(r"--+"), "hyphens for a dash", "write – or —"),
    ),
}


def text_of(markdown: str) -> str:
    """What a reader sees of ``markdown``, row by row, with a `THING` for what is no text."""

    def empty(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    def thing(match: re.Match[str]) -> str:
        return THING + "\n" * match[0].count("\n")

    for pattern in (COMMENT, SCRIPT):
        markdown = pattern.sub(empty, markdown)
    for pattern in (CODE, MATHS, BRACES, AUTOLINK):
        markdown = pattern.sub(thing, markdown)
    markdown = TAG.sub(empty, markdown)
    markdown = IMAGE.sub(lambda match: match["alt"], markdown)
    markdown = EMPTY_LINK.sub(thing, markdown)
    markdown = TARGET.sub("", markdown).replace("[", "")
    markdown = ADMONITION.sub(lambda match: match["title"], ATTRIBUTES.sub("", markdown))
    return RULE.sub("", markdown.replace("*", ""))


def mistakes(markdown: str, language: str) -> Iterator[tuple[int, str, str]]:
    """Row (from 0), what is wrong and the mend, for all of ``markdown``."""
    for number, row in enumerate(text_of(markdown).split("\n")):
        for pattern, what, mend in RULES.get(language, ()):
            for match in pattern.finditer(row):
                around = row[max(match.start() - 8, 0) : match.end() + 8].replace(THING, "▯")
                yield number, f"{what}: {around.strip()!r}", mend


def check(page: Page) -> list[PressError]:
    """Mistakes in the prose of ``page``, its front matter and the words of its figures."""
    errors: list[PressError] = []

    def look(markdown: str, line: int) -> None:
        errors.extend(
            PressError(what, path=page.path, line=line + row, mend=mend)
            for row, what, mend in mistakes(markdown, page.language)
        )

    for key in ("title", "description"):
        look(" ".join(str(page.meta[key]).split()), _row(page, 0, page.start, key))
    prose = [
        "" if number + 1 in page.fenced else row
        for number, row in enumerate(page.lines)
        if number >= page.start
    ]
    look("\n".join(prose), page.start + 1)
    for placement in page.placements:
        for key in ("title", "caption", "alt"):
            text = " ".join(getattr(placement, key).split())
            look(text, _row(page, placement.line, placement.end, key))
    return errors + _pictures(page, "\n".join(prose))


def _row(page: Page, start: int, end: int, key: str) -> int:
    """The line (from 1) between ``start`` and ``end`` (from 0) where the option ``key`` begins."""
    for number in range(start, end):
        if page.lines[number].lstrip().startswith(f"{key}:"):
            return number + 1
    return start + 1


def _pictures(page: Page, prose: str) -> list[PressError]:
    """Pictures without an alternative text; ``alt=""`` in HTML says that none is wanted."""
    for pattern in (COMMENT, CODE):
        prose = pattern.sub(lambda match: "\n" * match[0].count("\n"), prose)
    silent = [match for match in IMAGE.finditer(prose) if not match["alt"].strip()]
    silent += [match for match in PICTURE.finditer(prose) if not ALT.search(match[0])]
    return [
        PressError(
            "the picture has no alternative text",
            path=page.path,
            line=page.start + 1 + prose.count("\n", 0, match.start()),
            mend='write ![what it shows](file), or alt="…" in HTML',
        )
        for match in silent
    ]


def table(path: Path, columns: Mapping[str, str]) -> list[PressError]:
    """Mistakes in ``columns`` (name to language) of the table at ``path``, which was read."""
    errors: list[PressError] = []
    rows = csv.DictReader(io.StringIO(author_files.read(path), newline=""))
    for row in rows:
        for column, language in columns.items():
            errors += [
                PressError(f"{column}: {what}", path=path, line=rows.line_num, mend=mend)
                for _, what, mend in mistakes((row.get(column) or ""), language)
            ]
    return errors


GLOSSARY = {name: code for code in WORDS for name in (code, f"definition_{code}")}
# In the language of the code, messages stand as they are written there.
MESSAGES = {code: code for code in WORDS if code != figure_messages.SOURCE}
