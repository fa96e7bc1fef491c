"""Numbers in prose: ``{{ name:.2f }}`` becomes what the execution computed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from ..base.errors import PressError
from ..execution.execute import Execution
from ..source.page_reader import BRACES, CODE_SPAN, NAME, Page, Placement

Value = bool | int | float | str


@dataclass(frozen=True)
class Values:
    """The names a page may use: its own chapter's, other chapters' with a prefix, and ``book.``."""

    executions: Mapping[str, Execution]
    book: Mapping[str, Value]

    def fill_page(self, page: Page) -> Page:
        """``page`` with the numbers of its prose, its headings and its fences' texts filled in.

        Raises
        ------
        PressError
            As `fill` does.
        """

        def fill(text: str, line: int) -> str:
            return self.fill(text, chapter=page.chapter, path=page.path, line=line)

        return replace(
            page,
            lines=[
                row if number <= page.start or number in page.fenced else fill(row, number)
                for number, row in enumerate(page.lines, 1)
            ],
            headings=[
                replace(heading, text=fill(heading.text, heading.line)) for heading in page.headings
            ],
            placements=[self.fill_placement(one, page) for one in page.placements],
            borrowed=[self.fill_placement(one, page) for one in page.borrowed],
        )

    def fill_placement(self, placement: Placement, page: Page) -> Placement:
        """``placement``, a fence of ``page``, with the numbers of its texts filled in."""
        texts = {
            name: self.fill(
                getattr(placement, name), chapter=page.chapter, path=page.path, line=placement.line
            )
            for name in ("title", "caption", "alt")
        }
        return replace(placement, **texts)

    def fill(self, text: str, *, chapter: str | None, path: Path, line: int) -> str:
        """``text`` with its names replaced; code spans are left alone.

        Raises
        ------
        PressError
            For a name nothing computed, one that is ambiguous or not finite, or a format that
            does not fit it.
        """
        spans = [match.span() for match in CODE_SPAN.finditer(text)]

        def value(match) -> str:
            if any(start <= match.start() < end for start, end in spans):
                return match[0]
            return self._one(match[0], chapter, path, line)

        return BRACES.sub(value, text)

    def _one(self, braces: str, chapter: str | None, path: Path, line: int) -> str:
        match = NAME.fullmatch(braces)
        if match is None:
            raise PressError(
                f"{braces} does not name a number",
                path=path,
                line=line,
                mend="write {{ name }} or {{ name:.2f }}",
            )
        name, spec = match["name"], match["spec"] or ""
        values = self._known(chapter)
        if name not in values:
            near = get_close_matches(name, values, n=3)
            raise PressError(
                f"{braces} names {name!r}, which no cell computed",
                path=path,
                line=line,
                mend=f"did you mean {', '.join(near)}?"
                if near
                else "assign it in a cell of the chapter, or correct the name",
            )
        value = values[name]
        if value is None:
            raise PressError(
                f"{braces} is ambiguous: {name!r} has different values after different cells",
                path=path,
                line=line,
                mend="give each value a name of its own in the chapter",
            )
        if isinstance(value, float) and not math.isfinite(value):
            raise PressError(
                f"{braces} is {value}", path=path, line=line, mend="see why the chapter computes it"
            )
        try:
            return format(value, spec)
        except ValueError as error:
            raise PressError(
                f"{braces} cannot be written: {error} (the value is {value!r})",
                path=path,
                line=line,
                mend="use a format that fits, such as :.2f or :d",
            ) from None

    def _known(self, chapter: str | None) -> dict[str, Value | None]:
        values: dict[str, Value | None] = {f"book.{key}": value for key, value in self.book.items()}
        for owner, execution in self.executions.items():
            for key, number in execution.numbers.items():
                value = None if number.ambiguous else number.value
                values[f"{owner}.{key}"] = value
                if owner == chapter:
                    values[key] = value
        return values
