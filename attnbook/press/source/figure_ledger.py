"""The ledger of slugs, ``docs/figures.toml``: the addresses that the book has promised.

A slug is the label of a figure's cell and names its page and files. ``figures`` lists every slug
ever published, in the order of the book; ``[moved]`` names, for each slug that the book no longer
draws, the figure or the place on a page that its address leads to.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from ..base import author_files
from ..base.errors import PressError, did_you_mean

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TABLE = re.compile(r"^\s*\[moved\]")
ENTRY = re.compile(r"""["'](?P<slug>[^"']*)["']""")
KEY = re.compile(r"""^\s*["']?(?P<slug>[\w-]+)["']?\s*=""")


@dataclass(frozen=True)
class Ledger:
    """The listed slugs, and the moved ones, each with a slug or ``page.md#anchor``.

    ``lines`` and ``moved_lines`` hold the lines of the file, from 1, that list and move a slug.
    """

    path: Path
    figures: tuple[str, ...]
    moved: Mapping[str, str]
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    moved_lines: Mapping[str, int] = field(default_factory=dict)

    def target(self, slug: str) -> str | None:
        """Where the address of ``slug`` leads after all moves; None if the moves form a circle."""
        seen: set[str] = set()
        while slug in self.moved:
            if slug in seen:
                return None
            seen.add(slug)
            slug = self.moved[slug]
        return slug

    @property
    def targets(self) -> dict[str, str]:
        """Every moved slug and where its address leads after all moves."""
        targets = {slug: self.target(slug) for slug in self.moved}
        return {slug: target for slug, target in targets.items() if target is not None}

    @property
    def heirs(self) -> dict[str, str]:
        """Every moved slug that leads to a figure, and the slug of that figure.

        The site has the figure's files under the moved slug, too.
        """
        return {slug: target for slug, target in self.targets.items() if not is_page(target)}

    def former(self, slug: str) -> tuple[str, ...]:
        """All earlier slugs of the figure ``slug``, however many moves ago."""
        return tuple(old for old, heir in self.heirs.items() if heir == slug)


def is_page(target: str) -> bool:
    """Whether ``target`` of a move is ``page.md`` or ``page.md#anchor``, not a slug."""
    return target.partition("#")[0].endswith(".md")


def read(path: Path) -> Ledger:
    """The ledger at ``path``; an empty one if there is no such file.

    Raises
    ------
    PressError
        If the file is not TOML, or holds other things than ``figures`` and ``[moved]``.
    """
    try:
        text = author_files.read(path)
    except FileNotFoundError:
        return Ledger(path, (), {})
    mend = 'write: figures = ["slug", …], and below it [moved] with lines old-slug = "new-slug"'
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise PressError(
            f"the ledger is not TOML: {error}",
            path=path,
            line=int(line[1]) if line else None,
            mend=mend,
        ) from None
    figures, moved = table.get("figures", []), table.get("moved", {})
    unknown = sorted(table.keys() - {"figures", "moved"})
    if (
        unknown
        or not (isinstance(figures, list) and isinstance(moved, dict))
        or not all(isinstance(text, str) for text in (*figures, *moved.values()))
    ):
        raise PressError(
            f"the ledger holds {', '.join(unknown) or 'something that is no text'}",
            path=path,
            mend=mend,
        )
    listed, moves = _lines(text)
    for slug in (*figures, *moved):
        if not SLUG.fullmatch(slug):
            raise PressError(
                f"{slug!r} is not the slug of a figure",
                path=path,
                line=listed.get(slug, (moves.get(slug),))[0],
                mend="a slug has lower-case letters, digits and single hyphens",
            )
    return Ledger(path, tuple(figures), moved, listed, moves)


def _lines(text: str) -> tuple[dict[str, tuple[int, ...]], dict[str, int]]:
    """The lines of ``text`` that list each slug, and the line that moves each moved slug."""
    listed: dict[str, tuple[int, ...]] = {}
    moved: dict[str, int] = {}
    in_moved = False
    for number, row in enumerate(text.splitlines(), 1):
        row = row.partition("#")[0] if not in_moved else row
        if TABLE.match(row):
            in_moved = True
        elif not in_moved:
            for match in ENTRY.finditer(row):
                listed[match["slug"]] = (*listed.get(match["slug"], ()), number)
        elif match := KEY.match(row):
            moved[match["slug"]] = number
    return listed, moved


def check(
    ledger: Ledger, slugs: Sequence[str], page_ids: Mapping[str, Collection[str]]
) -> list[PressError]:
    """Disagreements between the ledger and the book.

    ``slugs`` are those of the book's figures, in its order; ``page_ids`` are the ids of every
    page, by its name without ``.md``.
    """
    return [
        *_duplicates(ledger),
        *_unlisted(ledger, slugs),
        *_gone(ledger, slugs),
        *_moves(ledger, slugs, page_ids),
    ]


def _duplicates(ledger: Ledger) -> list[PressError]:
    return [
        PressError(
            f"the figure {slug!r} is already listed in line {first}",
            path=ledger.path,
            line=line,
            mend="remove this line",
        )
        for slug, (first, *others) in ledger.lines.items()
        for line in others
    ]


def _unlisted(ledger: Ledger, slugs: Sequence[str]) -> list[PressError]:
    """Figures that the ledger does not list, each with the line where it belongs."""
    errors: list[PressError] = []
    previous = ""
    for slug in slugs:
        if slug not in ledger.figures:
            line = ledger.lines.get(previous, (None,))[-1]
            after = f" below {previous!r}" if previous else ", the first of the figures"
            errors.append(
                PressError(
                    f"the figure {slug!r} is not in the ledger of addresses",
                    path=ledger.path,
                    line=line,
                    mend=f'add the line "{slug}",{after}'
                    if ledger.path.exists()
                    else f'write into a new file: figures = ["{slug}", …]',
                )
            )
        previous = slug
    return errors


def _gone(ledger: Ledger, slugs: Sequence[str]) -> list[PressError]:
    """Listed slugs that the book no longer draws and ``[moved]`` does not mention."""
    errors: list[PressError] = []
    new = [slug for slug in slugs if slug not in ledger.figures]
    for slug in ledger.figures:
        if slug in slugs or slug in ledger.moved:
            continue
        near = [*get_close_matches(slug, new, n=1, cutoff=0.4), *new, "new-slug"][0]
        errors.append(
            PressError(
                f"the book has promised the address of the figure {slug!r}, but draws it no more",
                path=ledger.path,
                line=ledger.lines.get(slug, (None,))[0],
                mend="keep this line, and say below [moved] where the figure went: "
                f'{slug} = "{near}" or "page.md#anchor"',
            )
        )
    return errors


def _moves(
    ledger: Ledger, slugs: Sequence[str], page_ids: Mapping[str, Collection[str]]
) -> list[PressError]:
    errors: list[PressError] = []
    for slug, destination in ledger.moved.items():
        mistake = mend = ""
        if slug in slugs:
            mistake = f"the figure {slug!r} is said to have moved, but the book draws it"
            mend = "remove this line, or give the figure of the book another label"
        elif ledger.target(slug) is None:
            mistake = f"the moves of {slug!r} go in a circle"
            mend = "let the last of them name a figure of the book or page.md#anchor"
        elif is_page(destination):
            page, _, anchor = destination.partition("#")
            name = page.removesuffix(".md")
            if name not in page_ids:
                mistake = f"{slug!r} has moved to {destination!r}, a page that does not exist"
                mend = f"the pages are {', '.join(f'{name}.md' for name in sorted(page_ids))}"
            elif anchor and anchor not in page_ids[name]:
                mistake = f"{slug!r} has moved to {destination!r}, an id that {page} does not have"
                mend = _nearest(anchor, page_ids[name], "#")
        elif destination not in slugs and destination not in ledger.moved:
            mistake = f"{slug!r} has moved to {destination!r}, which is no figure of the book"
            mend = _nearest(destination, slugs, "")
        if mistake:
            line = ledger.moved_lines.get(slug)
            errors.append(PressError(mistake, path=ledger.path, line=line, mend=mend))
    return errors


def _nearest(text: str, candidates: Collection[str], prefix: str) -> str:
    listed = ", ".join(prefix + name for name in sorted(candidates)) or "none"
    return did_you_mean(text, candidates, f"there are {listed}", prefix=prefix)
