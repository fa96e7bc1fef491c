"""The site: both languages built by the generator, a root page, the wheel; put in place as one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..base import safe_files
from ..base.book_paths import Layout
from ..base.errors import PressError
from ..book.executed_book import Book
from ..execution.chapter_cache import partial
from ..finishing.finish_site import finish_edition, polish
from ..handouts import research_object
from ..source import glossary_table
from ..words.load import WORDS
from . import search_index, side_by_side, sitemap
from .generators import MKDOCS, Generator, run
from .root_pages import lost_page, root_page


def check(target: Path) -> None:
    """See that ``target`` may be replaced: it is free, empty, or a site built before.

    Raises
    ------
    PressError
        If anything else is there.
    """
    free = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    built = all((target / code / "index.html").is_file() for code in WORDS)
    if not (free or built):
        raise PressError(
            "this is no site that was built before, and building would replace it",
            path=target,
            mend="name a folder of its own for the site, or empty this one yourself",
        )


def build(
    book: Book, target: Path, step: Callable[[str], None], generator: Generator = MKDOCS
) -> int:
    """Build the staged ``book`` and put it at ``target``; return the number of its pages.

    Until everything has succeeded nothing at ``target`` changes.

    Raises
    ------
    PressError
        With the generator's or packager's own words, if one fails; or if ``target`` cannot be
        written.
    """
    layout = book.layout
    safe_files.recover(target)
    with partial(layout.build) as work:
        new = work / "site"
        with ThreadPoolExecutor(1 if generator.runs_alone else None) as pool:
            write = [pool.submit(generator.write, layout, code, new / code) for code in WORDS]
            for language, written in zip(WORDS, write, strict=True):
                written.result()
                finish_edition(
                    new / language, layout, language, has_search=generator.has_search_field
                )
                search_index.finish(new / language, language, glossary_table.read(layout.glossary))
                step(f"{language}: pages built")
        side_by_side.write(new)
        (new / "index.html").write_text(root_page(layout.theme, book.imprint), encoding="utf-8")
        (new / "404.html").write_text(lost_page(layout.theme, book.imprint), encoding="utf-8")
        sitemap.write(new, book.imprint.address, book.imprint.changed)
        polish(new, layout.build, generator.templates(layout))
        _wheel(layout, new / "dist", book.imprint.wheel)
        (new / research_object.NAME).write_text(research_object.crate(new), encoding="utf-8")
        step(f"dist: {book.imprint.wheel}")
        pages = sum(1 for _ in new.rglob("*.html"))
        safe_files.replace(target, new)
    return pages


def _wheel(layout: Layout, folder: Path, name: str) -> None:
    """Build the wheel of the book's package, which the first cell of every notebook asks for."""
    run(
        ["hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        "the wheel of the book's package could not be built",
        layout,
    )
    if not (folder / name).is_file():
        names = ", ".join(path.name for path in folder.iterdir())
        raise PressError(
            f"the wheel is called {names}, but notebooks ask for {name}",
            path=layout.root / "pyproject.toml",
            mend="the package is pure and for Python 3 alone: requires-python = '>=3.11'",
        )
