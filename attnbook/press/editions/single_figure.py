"""One figure of the book, made by executing just what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches

from ..base.errors import PressError
from ..book import executed_book
from ..book.figure_in_book import BookFigure, figure_at, plain
from ..book.numbers_in_prose import Values
from ..checks.read_book import BookSource
from ..execution import chapter_cache
from ..execution.execute import Execution, Progress, execute
from ..figures.figure_record import Record
from ..source.cell_needs import names, needed
from ..source.chapter_script import Chapter
from ..source.page_reader import NAME, Page, Placement

# What only the whole book knows.
COUNTS = {"book.chapters", "book.figures", "book.cells"}


def placements(book: BookSource, language: str) -> list[tuple[Page, Placement]]:
    """Where the figures of the book stand, in the order of its pages."""
    return [
        (page, placement)
        for page in book.pages[language].values()
        for placement in page.placements
        if placement.caption
    ]


def find(book: BookSource, language: str, slug: str) -> tuple[Page, Placement]:
    """Where the figure ``slug`` stands.

    Raises
    ------
    PressError
        If there is none of that name; with the nearest ones.
    """
    placed = {placement.label: (page, placement) for page, placement in placements(book, language)}
    if slug not in placed:
        near = get_close_matches(slug, placed, n=3)
        raise PressError(
            f"there is no figure {slug!r}",
            mend=f"did you mean {' or '.join(near)}?"
            if near
            else "'python -m attnbook.press list' lists them all",
        )
    return placed[slug]


def make(
    book: BookSource,
    language: str,
    slug: str,
    progress: Callable[[Progress], None] = lambda _: None,
    timeout: float | int = 120,
) -> BookFigure:
    """The figure ``slug``, from the cache or by executing the cells that it and its words need."""
    page, placement = find(book, language, slug)
    words = f"{placement.caption} {placement.alt}"
    wanted = {match["name"] for match in NAME.finditer(words)}
    others = tuple(f"{name}." for name in book.chapters)
    if wanted & COUNTS or any(name.startswith(others) for name in wanted):
        whole = executed_book.run(book, progress, timeout)
        values, execution = whole.values(), whole.executions[page.chapter or ""]
    else:
        execution = _execute(book, page, slug, wanted, progress, timeout)
        facts = executed_book.unexecuted(book).values().book
        values = Values({execution.chapter.name: execution}, facts)
    placement = values.fill_placement(placement, page)
    return figure_at(placement, page, execution, book.catalogue, book.imprint)


def _execute(
    book: BookSource,
    page: Page,
    slug: str,
    wanted: set[str],
    progress: Callable[[Progress], None],
    timeout: float | int,
) -> Execution:
    chapter = book.chapters[page.chapter or ""]
    folder = book.layout.cache.resolve()
    if chapter_cache.find(folder, chapter, book.catalogue) is None:
        chapter = part(chapter, slug, wanted)
    return execute(
        chapter,
        cache=folder,
        catalogue=book.catalogue,
        timeout=timeout,
        progress=progress,
    )


def part(chapter: Chapter, slug: str, wanted: set[str]) -> Chapter:
    """``chapter`` with only the cells that ``slug`` and the names ``wanted`` need."""
    ends = [slug] + [cell.label for cell in chapter.cells if names(cell.source).binds & wanted]
    kept = {*ends, *(cell.label for end in ends for cell in needed(chapter, end))}
    return replace(chapter, cells=tuple(cell for cell in chapter.cells if cell.label in kept))


def record(book: BookSource, language: str, slug: str) -> Record:
    """What is known of the figure ``slug`` without executing anything: no data, no size.

    Raises
    ------
    PressError
        If there is none of that name.
    """
    page, placement = find(book, language, slug)
    return Record(
        imprint=book.imprint,
        language=language,
        slug=slug,
        kind="",
        title=plain(placement.title),
        caption=plain(placement.caption),
        alt=" ".join(placement.alt.split()),
        description="",
        chapter=str(page.meta["title"]),
        page=page.name,
        script="",
        seeds=(),
        digest="",
        width=0.0,
        height=0.0,
    )
