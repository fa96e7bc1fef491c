"""The term table ``docs/glossary.csv``: every term with its word and meaning in each language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..base import author_files
from ..base.errors import PressError
from ..words.load import WORDS

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FORMULA = re.compile(r"\$[^$]+\$")
MARKUP = re.compile(r"[<>*`\[\]\r\n]|__")
SEPARATOR = re.compile(r"\|")
ALSO = "also"  # a column that may be missing: other names of the term, semicolons between them
COLUMNS = ("key", *WORDS, "note", *(f"definition_{code}" for code in WORDS), "where")


@dataclass(frozen=True)
class Term:
    """One row of the table.

    ``where`` is ``page.md#id`` of the section that introduces the term; ``also`` are other names,
    in any language, under which a search shall find it.
    """

    key: str
    words: Mapping[str, str]
    definitions: Mapping[str, str]
    note: str
    where: str
    line: int
    also: tuple[str, ...] = ()

    def word(self, language: str) -> str:
        """The term in ``language``."""
        return self.words[language]

    def definition(self, language: str) -> str:
        """The term's meaning in ``language``."""
        return self.definitions[language]


def read(path: Path) -> list[Term]:
    """Read the table at ``path``.

    Raises
    ------
    PressError
        For a missing column, an empty cell (``note`` may be empty), one that is more than a line of
        plain text with formulas, or a key used twice.
    """
    try:
        text = author_files.read(path)
    except FileNotFoundError:
        mend = f"create it, starting with the line '{','.join(COLUMNS)}'"
        raise PressError("there is no term table", path=path, mend=mend) from None
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        return _terms(rows, path)
    except csv.Error as error:
        raise PressError(
            f"the table cannot be read: {error}",
            path=path,
            line=rows.line_num,
            mend="mend the quotes",
        ) from None


def _terms(rows: csv.DictReader[str], path: Path) -> list[Term]:
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise PressError(
            f"the term table has no column {', '.join(missing)}",
            path=path,
            line=1,
            mend=f"its columns are {','.join(COLUMNS)}",
        )
    terms: dict[str, Term] = {}
    for row in rows:
        line = rows.line_num
        empty = [name for name in COLUMNS if name != "note" and not (row[name] or "").strip()]
        if empty:
            raise PressError(
                f"the term {row['key']!r} has no {', '.join(empty)}",
                path=path,
                line=line,
                mend="fill it in; commas inside a cell want double quotes around the cell",
            )
        if None in row:
            raise PressError(
                f"the term {row['key']!r} has more cells than there are columns",
                path=path,
                line=line,
                mend="a cell that holds a comma wants double quotes around it",
            )
        for name in COLUMNS:
            if markup := MARKUP.search(FORMULA.sub("", row[name])) or SEPARATOR.search(row[name]):
                raise PressError(
                    f"the {name} of the term {row['key']!r} has {markup[0]!r}, which the table of "
                    "terms cannot show",
                    path=path,
                    line=line,
                    mend="write one line of plain text; formulas stand between $, and a bar in "
                    "one is \\vert or \\mid",
                )
        if not KEY.fullmatch(row["key"]):
            raise PressError(
                f"the term {row['key']!r} has a key that is no slug",
                path=path,
                line=line,
                mend="write it in lower-case letters, digits and single hyphens",
            )
        if row["key"] in terms:
            raise PressError(
                f"the term {row['key']!r} is already in line {terms[row['key']].line}",
                path=path,
                line=line,
                mend="keep one of them",
            )
        cells = {name: row[name].strip() for name in COLUMNS}
        terms[row["key"]] = Term(
            key=cells["key"],
            words={code: cells[code] for code in WORDS},
            definitions={code: cells[f"definition_{code}"] for code in WORDS},
            note=cells["note"],
            where=cells["where"],
            line=line,
            also=tuple(name.strip() for name in (row.get(ALSO) or "").split(";")),
        )
    return list(terms.values())


def ids(terms: Sequence[Term]) -> set[str]:
    """The anchors that the table brings to the glossary page."""
    return {f"term-{term.key}" for term in terms}
