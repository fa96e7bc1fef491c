"""Progress of the chapters, a line at a time."""

from __future__ import annotations

from collections.abc import Callable

from .execute import Progress


def report(say: Callable[[str], object]) -> Callable[[Progress], None]:
    """What `execute` may call: it tells ``say`` when a chapter is cached or a cell has ended.

    Several chapters may be running, so every line names its own.
    """

    def tell(progress: Progress) -> None:
        if progress.cached:
            say(f"{progress.chapter}: {progress.total} cells from the cache")
        elif progress.seconds is None and progress.index == 1:
            say(f"{progress.chapter}: executing {progress.total} cells")
        elif progress.seconds is not None:
            count = f"{progress.index:>{len(str(progress.total))}}/{progress.total}"
            say(f"{progress.chapter}  {count}  {progress.label:<32} {progress.seconds:6.2f} s")

    return tell
