"""Chapter scripts: labelled cells in percent format.

A chapter is a Python file. A line ``# %% label`` starts a cell; the label is a slug and becomes
the permanent name of whatever the cell produces. The module docstring, above the first cell, is
not executed.

Notebook converters read the same format but forget where each cell began, and a build error has
to name a line of the script: hence a parser of the press's own.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from ..base import author_files
from ..base.errors import PressError

MARKER = re.compile(r"^# %%(?P<rest>.*)$")
# What IPython would take, and Python does not: %magic, !command, name = %magic, name?
MAGIC = re.compile(r"^\s*(?:[%!?]|[\w.]+\s*=\s*[%!]|.*\?\s*$)")
LABEL = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Cell:
    """One labelled cell; ``line`` of the file, from 1, is the first of ``source``."""

    label: str
    source: str
    line: int


@dataclass(frozen=True)
class Chapter:
    """A chapter script and its cells, in order."""

    name: str
    path: Path
    cells: tuple[Cell, ...]

    def __getitem__(self, label: str) -> Cell:
        return next(cell for cell in self.cells if cell.label == label)

    @property
    def labels(self) -> list[str]:
        return [cell.label for cell in self.cells]


def read(path: Path) -> Chapter:
    """Read the chapter script at ``path``.

    Raises
    ------
    PressError
        For a missing file, a marker without a proper label, a label used twice, an empty cell, and
        one that is not Python.
    """
    try:
        rows = author_files.read(path).splitlines()
    except FileNotFoundError:
        raise PressError(
            f"there is no chapter script {path.name}",
            path=path,
            mend="create it, or correct 'chapter:' in the front matter of the page",
        ) from None
    starts = [(number, match) for number, row in enumerate(rows) if (match := MARKER.match(row))]
    cells: list[Cell] = []
    seen: dict[str, int] = {}
    ends = [number for number, _ in starts[1:]]
    for (start, match), end in zip(starts, [*ends, len(rows)], strict=False):
        label = match["rest"].strip()
        if not LABEL.fullmatch(label):
            raise PressError(
                f"the cell marker has the label {label!r}, which is not a slug",
                path=path,
                line=start + 1,
                mend="write '# %% some-label' in lower-case letters, digits and single hyphens",
            )
        if label in seen:
            raise PressError(
                f"the label {label!r} is already used in line {seen[label]}",
                path=path,
                line=start + 1,
                mend="give this cell a label of its own",
            )
        seen[label] = start + 1
        body = rows[start + 1 : end]
        blank_rows = next((offset for offset, row in enumerate(body) if row.strip()), None)
        if blank_rows is None:
            raise PressError(
                f"the cell {label!r} is empty",
                path=path,
                line=start + 1,
                mend="write its code below the marker, or remove the marker",
            )
        source = "\n".join(body[blank_rows:]).rstrip()
        cell = Cell(label, source, start + 2 + blank_rows)
        _check_syntax(cell, path)
        cells.append(cell)
    if not cells:
        raise PressError(
            "the chapter has no cells", path=path, mend="start the first one with '# %% label'"
        )
    return Chapter(path.stem, path, tuple(cells))


def _check_syntax(cell: Cell, path: Path) -> None:
    """Refuse what only IPython understands, and what nobody does, before anything is executed."""
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        number = min(error.lineno or 1, len(cell.source.splitlines()))
        row = cell.source.splitlines()[number - 1]
        is_magic = MAGIC.match(row)
        raise PressError(
            f"the cell {cell.label!r} has {row.strip()!r}, which only IPython understands"
            if is_magic
            else f"the cell {cell.label!r} is not Python: {error.msg}",
            path=path,
            line=cell.line + number - 1,
            mend="write it in Python: a chapter is a plain script, too" if is_magic else "mend it",
        ) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "get_ipython":
            raise PressError(
                f"the cell {cell.label!r} calls get_ipython(), which is not in a plain script",
                path=path,
                line=cell.line + node.lineno - 1,
                mend="write it in Python",
            )
