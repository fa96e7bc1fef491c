"""Execution of a chapter: once, top to bottom, in a real Jupyter kernel, or from the cache."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..base.errors import PressError
from ..figures.figure import Figure
from ..source.chapter_script import Chapter
from ..source.figure_messages import Catalogue
from . import chapter_cache as caching

ATTEMPTS = 3
MOST_KERNELS = 4  # at a time: each loads torch, which takes memory
FONTS = "fonts"  # the folder of the cache for fonts cut down to the figures' characters


@dataclass(frozen=True)
class Progress:
    """Cell ``index`` of ``total`` starts (``seconds`` is None) or has ended.

    A chapter from the cache reports once, with an empty label.
    """

    chapter: str
    index: int
    total: int
    label: str
    seconds: float | None
    cached: bool


@dataclass(frozen=True)
class Number:
    """What a name was bound to, and after which cell it first was.

    ``ambiguous`` if another cell bound it to something else.
    """

    value: bool | int | float | str
    label: str
    ambiguous: bool = False


@dataclass(frozen=True)
class CellResult:
    """What a reader sees of a cell, beside its code, and the seeds it gave to generators."""

    label: str
    text: str
    figure: Figure | None
    seeds: tuple[int, ...] = ()


@dataclass(frozen=True)
class Execution:
    """A chapter with its results.

    ``folder`` holds ``figures/<slug>.<language>.svg|pdf|png``, ``arrays/<label>.npz``,
    ``plotted/<label>.json`` and ``executed.ipynb``. ``seconds`` is how long `execute` took, this
    time.
    """

    chapter: Chapter
    results: dict[str, CellResult]
    numbers: dict[str, Number]
    folder: Path
    cached: bool
    seconds: float
    versions: dict[str, str]


def execute(
    chapter: Chapter,
    *,
    cache: Path,
    catalogue: Catalogue,
    timeout: float | int = 120,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Execution:
    """Run ``chapter``, or load what an earlier run left in ``cache``: see `execute_all`."""
    (execution,) = execute_all(
        [chapter], cache=cache, catalogue=catalogue, timeout=timeout, progress=progress
    )
    return execution


def execute_all(
    chapters: Iterable[Chapter],
    *,
    cache: Path,
    catalogue: Catalogue,
    timeout: float | int = 120,
    progress: Callable[[Progress], None] = lambda _: None,
) -> list[Execution]:
    """Load ``chapters`` from ``cache``, and run those that it does not hold, several at a time.

    ``timeout`` is the limit of each cell in seconds. The first error ends the other runs, too.

    Raises
    ------
    PressError
        For a cell that raises, warns, writes to standard error, takes too long, ends the kernel or
        makes more than one figure, and for a figure that cannot be published.
    """
    chapters, cache = list(chapters), cache.resolve()
    executions: dict[str, Execution] = {}
    for chapter in chapters:
        start, total = time.perf_counter(), len(chapter.cells)
        entry = caching.find(cache, chapter, catalogue)
        if entry is not None:
            folder, record = entry
            seconds = time.perf_counter() - start
            progress(Progress(chapter.name, total, total, "", seconds, cached=True))
            executions[chapter.name] = _execution(chapter, record, folder, True, seconds)
    missing = [chapter for chapter in chapters if chapter.name not in executions]
    if missing:
        from .kernel_run import finished  # takes longer to load than all that the cache holds

        missing.sort(key=lambda chapter: -len(chapter.cells))  # the longest should not start last

        def run_missing() -> Coroutine[Any, Any, list[Execution]]:
            return _run_all(missing, cache, catalogue, float(timeout), progress)

        executions |= {execution.chapter.name: execution for execution in finished(run_missing)}
    return [executions[chapter.name] for chapter in chapters]


async def _run_all(
    chapters: Iterable[Chapter],
    cache: Path,
    catalogue: Catalogue,
    timeout: float,
    progress: Callable[[Progress], None],
) -> list[Execution]:
    """Run ``chapters``, each in a kernel; as many at a time as there are processors, at most 4."""
    places = asyncio.Semaphore(min(os.cpu_count() or 1, MOST_KERNELS))

    async def run(chapter: Chapter) -> Execution:
        async with places:
            return await _run(chapter, cache, catalogue, timeout, progress)

    try:
        async with asyncio.TaskGroup() as group:
            runs = [group.create_task(run(chapter)) for chapter in chapters]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None  # the first one, which ended the others
    return [run.result() for run in runs]


async def _run(
    chapter: Chapter,
    cache: Path,
    catalogue: Catalogue,
    timeout: float,
    progress: Callable[[Progress], None],
) -> Execution:
    """Run ``chapter`` and keep what it made in ``cache``."""
    from .kernel_run import Run

    start, total = time.perf_counter(), len(chapter.cells)

    def report(index: int, seconds: float | None) -> None:
        label = chapter.cells[index].label
        progress(Progress(chapter.name, index + 1, total, label, seconds, cached=False))

    for _ in range(ATTEMPTS):
        before = caching.state()
        with caching.partial(cache) as work:
            record = await Run(chapter, catalogue, work, cache / FONTS, timeout, report).run()
            if caching.changed(before, record["sources"]):
                continue  # whether the old or the new was run, nobody can tell
            entry = work / "entry"
            (entry / caching.RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
            caching.seal(entry)
            name = caching.key(chapter, catalogue, record["sources"], record["distributions"])
            kept = caching.keep(entry, cache / f"{chapter.name}-{name}")
        return _execution(chapter, record, kept, False, time.perf_counter() - start)
    raise PressError(
        f"the library was changed {ATTEMPTS} times while {chapter.name!r} was running",
        path=chapter.path,
        mend="build again when nobody edits it",
    )


def _execution(
    chapter: Chapter, record: Any, folder: Path, cached: bool, seconds: float
) -> Execution:
    results = {
        label: CellResult(
            label,
            entry["text"],
            Figure(label, **entry["figure"]) if entry["figure"] else None,
            tuple(entry["seeds"]),
        )
        for label, entry in record["results"].items()
    }
    numbers = {name: Number(**entry) for name, entry in record["numbers"].items()}
    versions = caching.versions(record["distributions"])
    return Execution(chapter, results, numbers, folder, cached, seconds, versions)
