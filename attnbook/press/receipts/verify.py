"""Verification of the book against its receipts, and acceptance of what it is now."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence, Sized
from pathlib import Path
from unicodedata import east_asian_width

from ..base.book_paths import Layout
from ..base.errors import PressError, short_path
from ..base.safe_files import mirror
from ..book import executed_book
from ..checks import read_book
from ..execution.execute import Progress
from ..words.load import WORDS
from . import figure_receipts, published_releases
from .compare import TOLERANCE, Comparison, Report, compare
from .difference_pictures import contrast, picture
from .figure_receipts import Receipts
from .released_files import changed_files

HEADER = ("figure", "arrays", "bytes", "verdict")
PICTURED = next(iter(WORDS))  # the language of the pictures
ACCEPT = "nox -s figures -- --accept"


def taken(book: executed_book.Book) -> Receipts:
    """The receipts of ``book`` as it was executed."""
    return figure_receipts.take(book.executions.values())


def verify(
    layout: Layout,
    *,
    timeout: float | int,
    progress: Callable[[Progress], None],
    say: Callable[[str], object],
) -> bool:
    """Execute every chapter anew, with an empty cache, and tell whether all receipts hold.

    Raises
    ------
    PressError
        If the book cannot be executed or the receipts cannot be read.
    """
    accepted = figure_receipts.read(layout)
    with tempfile.TemporaryDirectory(prefix="attnbook-verify-") as work:
        source = read_book.read(Layout(layout.root, Path(work)))
        book = executed_book.run(source, progress, float(timeout))
        new = taken(book)
        report = compare(accepted, new)
        leave(layout, book, [one.slug for one in report.failing])
        changed = changed_files(book, published_releases.read(layout.releases))
    say("\n" + table(report) + "\n")
    for line in _environment(report, accepted, new):
        say(line)
    if changed:
        say(_under_released_version(book.imprint.version, changed))
    if not report.failing and not report.misprinting:
        say(f"{_count(report.figures, report.printed)} as accepted")
        return not changed
    for one in report.failing:
        say(f"{one.slug}: {'; '.join(differences(one, report.comparable))}")
    for cell, what in report.misprinting.items():
        say(f"{cell}: {what}")
    say(
        f"\n{_count(report.failing, report.misprinting)} not as accepted. If the change is meant: "
        f"{ACCEPT}; if not, look for its cause: a time, chance without a seed, the order of a set."
        f"{_pictures(layout)}"
    )
    return False


def _under_released_version(version: str, changed: Sequence[str]) -> str:
    """What to say of files that are not those of the release."""
    shown = [*changed[:10], f"and {len(changed) - 10} more"] if len(changed) > 10 else changed
    return (
        f"{len(changed)} files of figures are not those that version {version} was released with; "
        "a released version does not change: raise it in pyproject.toml and CITATION.cff\n"
        + "\n".join(f"  {path}" for path in shown)
    )


def accept(book: executed_book.Book, say: Callable[[str], object]) -> None:
    """Accept what was executed as the new receipts; say what changed, and by how much."""
    layout = book.layout
    try:
        accepted = figure_receipts.read(layout)
    except PressError as error:
        say(f"{error}\n  they are made anew, all of them")
        accepted = Receipts({}, {})
    new = taken(book)
    report = compare(accepted, new)
    changed = [one for one in report.figures if not one.same]
    leave(layout, book, [one.slug for one in changed])
    if changed or report.environment or report.printed_anew:
        figure_receipts.write(
            layout,
            new,
            [one.slug for one in changed],
            lambda slug: picture(_png(book, slug)),
        )
    rows = [
        (
            _change(one),
            one.slug,
            "; ".join(differences(one, True)) * (one.has_receipt and one.drawn),
        )
        for one in changed
    ]
    rows += [("printed", cell, report.printed[cell]) for cell in report.printed_anew]
    if rows:
        say("\n" + aligned(rows))
    for line in _environment(report, accepted, new):
        say(line)
    alike = len(report.figures) + len(report.printed) - len(rows)
    say(
        f"receipts: {len(rows)} changed, {alike} as they were, in {short_path(layout.receipts)}"
        f"{_pictures(layout)}"
    )


def reminder(book: executed_book.Book) -> str:
    """Name the receipts that are out of date, in one line; a build does not fail for them."""
    try:
        accepted = figure_receipts.read(book.layout)
    except PressError as error:
        return f"receipts: {error}"
    if not accepted.figures and not accepted.printed:
        return f"receipts: none yet; {ACCEPT} records them"
    report = compare(accepted, taken(book))
    names = ", ".join([*(one.slug for one in report.failing), *report.misprinting])
    if not names:
        return "receipts: all figures and printed texts are as accepted"
    return f"receipts: out of date for {names}; if that is meant: {ACCEPT}"


def table(report: Report) -> str:
    """All figures, with what is to be said of their arrays and bytes, and the verdict."""
    rows = [
        (one.slug, _arrays(one), _bytes(one, report.comparable), _verdict(one, report.comparable))
        for one in report.figures
    ]
    return aligned([HEADER, *rows])


def aligned(rows: Sequence[tuple[str, ...]]) -> str:
    """``rows`` in columns; a Han character is as wide as two others."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def differences(one: Comparison, comparable: bool) -> list[str]:
    """What differs in a figure, a clause each; drawings only where they are ``comparable``."""
    if not one.has_receipt:
        return ["there is no receipt of it"]
    if not one.drawn:
        return ["the book draws it no more"]
    differing = [one.shape, one.seeds]
    if one.deviation.relative:
        differing.append(
            f"{one.deviation.where}: {one.deviation.relative:.2g} of the largest magnitude"
            f"{'' if one.within else f', where {TOLERANCE:g} is allowed'}"
        )
    if one.drawings and comparable:
        differing.append(f"the drawing has other bytes ({', '.join(one.drawings)})")
    return list(filter(None, differing))


def leave(layout: Layout, book: executed_book.Book, slugs: Iterable[str]) -> None:
    """Leave a picture of every change in ``build/changes``, and nothing else there."""
    drawn = {slug for execution in book.executions.values() for slug in _drawn(execution)}
    files: dict[str, bytes | Path] = {}
    for slug in slugs:
        old = layout.receipts / f"{slug}.png"
        if slug in drawn and old.is_file():
            files[f"{slug}.png"] = contrast(old.read_bytes(), picture(_png(book, slug)))
    mirror(layout.changes, files)


def _png(book: executed_book.Book, slug: str) -> Path:
    execution = next(one for one in book.executions.values() if slug in _drawn(one))
    return execution.folder / "figures" / f"{slug}.{PICTURED}.png"


def _drawn(execution: executed_book.Execution) -> list[str]:
    return [result.figure.slug for result in execution.results.values() if result.figure]


def _pictures(layout: Layout) -> str:
    count = sum(1 for _ in layout.changes.glob("*.png"))
    return f"\nsee the old, the new and the difference in {short_path(layout.changes)}/" * bool(
        count
    )


def _environment(report: Report, accepted: Receipts, current: Receipts) -> list[str]:
    if report.comparable or not accepted.environment:
        return []
    rows = ["the receipts are of another environment, in which a drawing may have other bytes:"]
    for name in report.environment:
        was, now = (one.environment.get(name, "—") for one in (accepted, current))
        rows.append(f"  {name} was {was}, is {now}")
    return rows


def _change(one: Comparison) -> str:
    if not one.has_receipt:
        return "new"
    if not one.drawn:
        return "gone"
    data = one.shape or one.seeds or one.deviation.relative
    return "changed" if data else "drawing only"


def _arrays(one: Comparison) -> str:
    if not (one.has_receipt and one.drawn):
        return "—"
    if one.shape:
        return "other data"
    if not one.data:
        return "no data"
    relative = one.deviation.relative
    if not relative:
        return "same"
    return f"within {TOLERANCE:g} ({relative:.1g})" if one.within else f"off by {relative:.2g}"


def _bytes(one: Comparison, comparable: bool) -> str:
    if not (one.has_receipt and one.drawn):
        return "—"
    if not one.drawings:
        return "same"
    return f"differ ({', '.join(one.drawings)})" if comparable else "other environment"


def _verdict(one: Comparison, comparable: bool) -> str:
    if not one.has_receipt:
        return "NO RECEIPT"
    if not one.drawn:
        return "NOT DRAWN"
    if not one.holds(comparable):
        return "DIFFERS"
    # A diagram has no data: only its bytes can be compared.
    return "as accepted" if one.data or not one.drawings else "not comparable"


def _count(figures: Sized, texts: Sized) -> str:
    """How many of both there are."""
    counts = {"figure": len(figures), "printed text": len(texts)}
    return " and ".join(f"{n} {name}{'s' * (n != 1)}" for name, n in counts.items() if n)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
