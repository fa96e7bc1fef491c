"""The site: both languages built by the generator, a root page, the wheel; put in place as one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from ..base import safe_files
from ..base.book_paths import Layout
from ..base.errors import PressError
from ..base.imprint import epoch
from ..execution.chapter_cache import partial
from ..execution.executed_book import Book
from ..finishing.finish_site import finish_edition, polish
from ..handouts import research_object
from ..words.load import WORDS
from . import edition_settings, search_index, side_by_side, sitemap
from .root_pages import lost_page, root_page


def configure(layout: Layout, language: str, *, served: bool = False) -> Path:
    """Write the generator's configuration of ``language`` and return its path.

    It inherits the edition's own and says only where things lie. A served book is staged by the
    hook at every change, a built one was staged before.
    """
    stage = layout.stage(language)
    config = {
        "INHERIT": f"../{layout.edition(language).relative_to(layout.root).as_posix()}",
        "docs_dir": f"stage/{language}",
        "theme": {"custom_dir": "../docs/theme/overrides"},
        "hooks": ["../attnbook/press/site/mkdocs_hook.py"],
        "extra": {"staged": not served, **edition_settings.extra(language)},
    }
    stage.mkdir(parents=True, exist_ok=True)  # mkdocs wants it before the hook can make it
    path = layout.config(language)
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    safe_files.write_if_changed(path, text.encode())
    return path


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


def build(book: Book, target: Path, step: Callable[[str], None]) -> int:
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
        with ThreadPoolExecutor() as pool:
            for language in pool.map(lambda code: _generate(layout, code, new), WORDS):
                finish_edition(new / language, layout, language)
                search_index.finish(new / language, language)
                step(f"{language}: pages built")
        side_by_side.write(new)
        (new / "index.html").write_text(
            root_page(layout.theme, book.imprint.address), encoding="utf-8"
        )
        lost = lost_page(layout.theme, book.imprint.address)
        (new / "404.html").write_text(lost, encoding="utf-8")
        sitemap.write(new, book.imprint.address, book.imprint.date)
        polish(new, layout.build / "fonts")
        _wheel(layout, new / "dist")
        (new / research_object.NAME).write_text(research_object.crate(new), encoding="utf-8")
        step(f"dist: {book.imprint.wheel}")
        pages = sum(1 for _ in new.rglob("*.html"))
        safe_files.replace(target, new)
    return pages


def environment(layout: Layout) -> dict[str, str]:
    """The environment of a reproducible build: one date for everything that wants one."""
    fixed = {"SOURCE_DATE_EPOCH": str(epoch(layout.root)), "PYTHONHASHSEED": "0", "NO_COLOR": "1"}
    # Material's announcement of its end of life is no news to a reader of this build's output.
    return {**os.environ, **fixed, "NO_MKDOCS_2_WARNING": "1"}


def _generate(layout: Layout, language: str, new: Path) -> str:
    config = configure(layout, language)
    _run(
        [
            *("mkdocs", "build", "--strict"),  # not --quiet: it makes strict mode blind
            *("--config-file", str(config), "--site-dir", str(new / language)),
        ],
        f"mkdocs could not build the pages in {WORDS[language].name}",
        layout,
    )
    return language


def _wheel(layout: Layout, folder: Path) -> None:
    _run(
        ["hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        "the wheel of attnbook could not be built",
        layout,
    )


def _run(module: list[str], failure: str, layout: Layout) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", *module],  # -P: the press in use, not one in the folder
        cwd=layout.root,
        env=environment(layout),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise PressError(failure, detail=(done.stderr or done.stdout).strip())
