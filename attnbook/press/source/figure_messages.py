"""The message catalogue ``docs/messages.csv``: every text in figures, in every language.

The first line of the table names the languages; the column ``en`` holds the text as the code of
chapters writes it. ``{}`` in a row stands for a part that is computed: a number, a formula or
another message.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..base import author_files
from ..base.errors import PressError

SOURCE = "en"
HOLE = "{}"
MATHS = re.compile(r"(?<!\\)\$.*?(?<!\\)\$", re.DOTALL)


class MissingTranslation(LookupError):
    """No row of the catalogue fits a text."""


@dataclass(frozen=True)
class Catalogue:
    """Rows of ``languages``; build one with `load`."""

    path: Path
    languages: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def load(cls, path: Path) -> Catalogue:
        """Read the table at ``path``.

        Raises
        ------
        PressError
            For a missing file, or a row that is incomplete, is repeated or has more ``{}`` in one
            language than in another.
        """

        def wrong(what: str, line: int, mend: str) -> PressError:
            return PressError(what, path=path, line=line, mend=mend)

        try:
            text = author_files.read(path)
        except FileNotFoundError:
            raise PressError(
                "there is no message catalogue",
                path=path,
                mend="create it, starting with the line 'en,zh'",
            ) from None
        reader = csv.reader(text.splitlines(), strict=True)
        languages: tuple[str, ...] = ()
        rows: dict[str, tuple[str, ...]] = {}
        try:
            for row in reader:
                line = reader.line_num
                if not row:
                    continue
                if not languages:
                    if SOURCE not in row or len(set(row)) != len(row):
                        raise wrong(
                            f"the first line is {','.join(row)!r}, which does not name the columns",
                            line,
                            "write 'en,zh'",
                        )
                    languages = tuple(row)
                    continue
                if len(row) != len(languages) or not all(cell.strip() for cell in row):
                    raise wrong(
                        f"the row {','.join(row)!r} does not have {len(languages)} texts",
                        line,
                        f"write {','.join(languages)}; quote a text that holds a comma",
                    )
                for cell in row:
                    author_files.require_plain(cell, f"the text {cell!r}", path, line)
                key = row[languages.index(SOURCE)]
                if key in rows:
                    raise wrong(
                        f"the text {key!r} is translated twice", line, "remove one of the rows"
                    )
                if len({cell.count(HOLE) for cell in row}) != 1:
                    raise wrong(
                        f"the translations of {key!r} do not have the same number of {HOLE}",
                        line,
                        f"give every language as many {HOLE} as there are computed parts",
                    )
                rows[key] = tuple(row)
        except csv.Error as error:
            raise wrong(
                f"the table cannot be read: {error}", reader.line_num, "mend the quotes"
            ) from None
        if not languages:
            raise wrong("the table is empty", 1, "begin it with the line 'en,zh'")
        return cls(path, languages, tuple(rows.values()))

    def translate(self, text: str, language: str) -> str:
        """``text``, as the code writes it, in ``language``.

        Raises
        ------
        MissingTranslation
            If no row fits a text that has words.

        Examples
        --------
        >>> book = Catalogue(Path("messages.csv"), ("en", "zh"), (("width {}", "宽度 {}"),))
        >>> book.translate("width 0.5", "zh"), book.translate("0.5", "zh")
        ('宽度 0.5', '0.5')
        """
        return self._translate(text, self.languages.index(language))

    def _translate(self, text: str, column: int) -> str:
        if (row := self._plain.get(text)) is not None:
            return row[column]
        for pattern, row in self._patterns:
            if match := pattern.fullmatch(text):
                try:
                    parts = [self._translate(part, column) for part in match.groups()]
                except MissingTranslation:
                    continue
                pieces = row[column].split(HOLE)
                filled = zip(parts, pieces[1:], strict=True)
                return pieces[0] + "".join(part + piece for part, piece in filled)
        if is_language_neutral(text):
            return text
        raise MissingTranslation(text)

    @cached_property
    def _plain(self) -> dict[str, tuple[str, ...]]:
        column = self.languages.index(SOURCE)
        return {row[column]: row for row in self.rows if HOLE not in row[column]}

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
        # Where several rows fit, the one with most text outside its holes fits best.
        column = self.languages.index(SOURCE)
        rows = [row for row in self.rows if HOLE in row[column]]
        rows.sort(key=lambda row: -len(row[column].replace(HOLE, "")))
        return [
            (re.compile("(.+?)".join(map(re.escape, row[column].split(HOLE))), re.DOTALL), row)
            for row in rows
        ]


def is_language_neutral(text: str) -> bool:
    r"""Whether ``text`` reads the same in every language: numbers, symbols, formulas.

    Single Latin or Greek letters are symbols; two letters in a row are a word.

    Examples
    --------
    >>> [is_language_neutral(t) for t in ("1e−05", "α(x, xᵢ)", "$\\sum_i w_i$", "loss", "数")]
    [True, True, True, False, False]
    """
    run = 0
    for character in MATHS.sub(" ", text):
        if unicodedata.category(character) not in {"Lu", "Ll", "Lt", "Lo"}:
            run = 0
            continue
        run += 1
        if run > 1 or not unicodedata.name(character, "").startswith(("LATIN ", "GREEK ")):
            return False
    return True
