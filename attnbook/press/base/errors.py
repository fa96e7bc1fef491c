"""`PressError`, the error that a build reports to its reader: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class PressError(Exception):
    """A mistake in a page, a chapter or the catalogue that stops the build.

    Parameters
    ----------
    what
        What was asked and what came, in one sentence.
    path, line
        The file that has to be mended, and the line in it (counted from 1).
    mend
        What to do about it.
    detail
        Longer evidence, such as a traceback; printed below the message.
    """

    def __init__(
        self,
        what: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        mend: str = "",
        detail: str = "",
    ) -> None:
        self.what, self.path, self.line = what, path, line
        self.mend, self.detail = mend, detail
        super().__init__(str(self))

    def __str__(self) -> str:
        place = "" if self.path is None else f"{short_path(self.path)}:"
        if place and self.line is not None:
            place += f"{self.line}:"
        message = f"{place} {self.what}".strip()
        if self.mend:
            message += f"\n  mend: {self.mend}"
        if self.detail:
            message += "\n" + "\n".join(f"  | {row}" for row in self.detail.rstrip().splitlines())
        return message


class PressErrors(PressError):
    """Several independent mistakes, reported together so that one build finds them all."""

    def __init__(self, errors: list[PressError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


def did_you_mean(name: str, names: Iterable[str], otherwise: str, *, prefix: str = "") -> str:
    """The mend for an unknown ``name``: those of ``names`` that look like it, or ``otherwise``."""
    near = get_close_matches(name, list(names), n=3)
    return f"did you mean {' or '.join(prefix + one for one in near)}?" if near else otherwise


def short_path(path: Path | str) -> str:
    """``path`` relative to the working directory where that is shorter."""
    path = Path(path)
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):  # elsewhere, or links that lead to one another
        return path.as_posix()
