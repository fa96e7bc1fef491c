"""What holds the parts of a book together: navigation, licence, and the names in its settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..base import addresses, book_settings
from ..base.book_paths import Layout
from ..base.errors import PressError, did_you_mean
from ..base.imprint import Imprint
from ..source.chapter_script import Chapter
from ..source.page_reader import Page


def navigation(path: Path, pages: Mapping[str, Page]) -> Iterator[PressError]:
    """Entries of the navigation in ``path`` that lead nowhere, and pages that none leads to.

    An edition without a navigation of its own has that of the first.
    """
    config = book_settings.configuration(path)
    if "nav" not in config:
        return
    known = {f"{name}.md" for name in pages} | {addresses.GALLERY}
    known |= {f"notebooks/{name}.ipynb" for name, page in pages.items() if page.chapter}
    reached = {target for _, target in book_settings.navigation(config["nav"]) if target}
    for target in sorted(reached - known):
        if not target.startswith(("https://", "http://")):
            yield PressError(
                f"the navigation (nav) leads to {target!r}, which is no page of the book",
                path=path,
                mend=did_you_mean(target, known, f"the pages are {', '.join(sorted(known))}"),
            )
    for name in sorted(pages):
        if f"{name}.md" not in reached:
            yield PressError(
                f"the navigation (nav) does not lead to {name}.md",
                path=path,
                mend="add it, as 'Title: page.md'",
            )


def settings(
    layout: Layout,
    imprint: Imprint,
    pages: Mapping[str, Page],
    chapters: Iterable[Chapter],
) -> Iterator[PressError]:
    """Names in the settings that nothing has, and a licence that is not there."""
    asked = imprint.settings
    place = layout.root / book_settings.PROJECT
    labels = [label for chapter in chapters for label in chapter.labels]
    if asked.cover and asked.cover not in labels:
        yield PressError(
            f"the cover is the figure {asked.cover!r}, which no chapter draws",
            path=place,
            mend=did_you_mean(asked.cover, labels, "name the label of a cell that draws a figure"),
        )
    if asked.references != book_settings.BookSettings.references and asked.references not in pages:
        yield PressError(
            f"the references stand on the page {asked.references!r}, which the book does not have",
            path=place,
            mend=did_you_mean(asked.references, pages, f"the pages are {', '.join(pages)}"),
        )
    if not (layout.root / "LICENSE").is_file():
        yield PressError(
            "the book has no licence, which every wheel and archive carries along",
            path=layout.root / "LICENSE",
            mend="put the text of the licence of the code there",
        )
