"""The thin mkdocs side: stage before it reads, finish what it has written.

``nox -s build`` does both itself, for all languages, and marks its configurations as staged; under
plain ``mkdocs build`` and ``mkdocs serve`` the hook stages and finishes the language of the
configuration.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import CountHandler

from attnbook.press.base import imprint, safe_files
from attnbook.press.base.book_paths import Layout
from attnbook.press.base.errors import PressError
from attnbook.press.book import edition, executed_book
from attnbook.press.checks import read_book
from attnbook.press.execution.chapter_cache import partial
from attnbook.press.execution.progress import report
from attnbook.press.finishing import finish_page
from attnbook.press.finishing.finish_site import finish_edition, polish
from attnbook.press.pages import notebook, stage
from attnbook.press.site import (
    edition_settings,
    generators,
    live_pages,
    search_index,
    side_by_side,
    sitemap,
)
from attnbook.press.source import glossary_table

log = logging.getLogger("mkdocs.attnbook")
_served = False
_target: Path | None = None
_last_error = ""
_work = ExitStack()


def on_startup(*, command: str, dirty: bool) -> None:
    """Remember whether this is a build or a server."""
    global _served
    _served = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read the stage; make it first where nobody has."""
    global _target
    config.extra["alone"] = _served  # a server shows one language: pages must not lead to the other
    language = config.theme["language"]
    address = imprint.address(_layout(config).root)
    config.site_url = f"{address}/{language}/" if address else ""
    if config.extra.get("staged"):
        return config
    config.extra.update(edition_settings.extra(language))
    layout = _layout(config)
    try:
        _stage(layout, language)
    except PressError as error:
        raise BuildError(str(error)) from None
    config.docs_dir = str(layout.stage(language))
    if not _served:
        # The last good pages stay until the new ones are complete.
        _target = Path(config.site_dir)
        config.site_dir = str(_work.enter_context(partial(layout.build)) / language)
    return config


def on_page_content(content: str, /, *, page: Page, config: MkDocsConfig, files: object) -> str:
    """Tell mkdocs of the ids that the last pass will add, and of a notebook's headings."""
    page.canonical_url = page.meta.get("canonical", page.canonical_url)
    page.meta["search"] = {"exclude": True}  # from Material's index, which `search_index` replaces
    if page.file.src_uri.endswith(".ipynb"):
        page.toc = get_toc(notebook.contents(content))
    elif page.present_anchor_ids is not None:
        page.present_anchor_ids |= finish_page.ids(content)
    return content


def on_post_build(*, config: MkDocsConfig) -> None:
    """Finish the pages; put a plain build in its place, unless strict mode refuses it."""
    if config.extra.get("staged"):
        return
    layout, language, site = _layout(config), config.theme["language"], Path(config.site_dir)
    # The last pages in the other language are those that stand beside these.
    partner = side_by_side.partner(language)
    other = _target.parent / partner if _target and partner else None
    try:
        finish_edition(site, layout, language)
        search_index.finish(site, language, glossary_table.read(layout.glossary))
        if not config.site_url:
            sitemap.drop(site)
        templates = generators.MKDOCS.templates(layout)
        polish(site, layout.build, templates, beside=other, served=_served)
        if other and other.is_dir():
            side_by_side.complete(site, language, other)
        counters = [h for h in logging.getLogger("mkdocs").handlers if isinstance(h, CountHandler)]
        if _target and not any(counter.get_counts() for counter in counters):
            safe_files.replace(_target, site)
    except PressError as error:
        raise BuildError(str(error)) from None
    _work.close()


def on_build_error(*, error: Exception) -> None:
    """Leave nothing of a plain build that failed; remember why, for a server to tell."""
    global _last_error
    _last_error = str(error)
    _work.close()


def on_serve(server: LiveReloadServer, /, *, config: MkDocsConfig, builder: object) -> None:
    """Watch what is staged instead of the stage, and all that makes pages of it."""

    def last_error() -> str:
        global _last_error
        error, _last_error = _last_error, ""
        return error

    live_pages.LivePages(server, last_error)
    layout = _layout(config)
    server.unwatch(config.docs_dir)
    for path in (
        layout.prose(config.theme["language"]),
        layout.chapters.parent,  # the library that chapters use, too
        layout.theme,
        live_pages.PRESS,
        layout.edition(config.theme["language"]),
        layout.root / "mkdocs.yml",
        layout.root / "pyproject.toml",
        layout.messages,
        layout.glossary,
        layout.ledger,
        layout.releases,
        layout.citation,
    ):
        if path.exists():
            server.watch(str(path))


def _layout(config: MkDocsConfig) -> Layout:
    """The book whose configuration this is: mkdocs.yml, or another below the folder it is in."""
    folders_above = Path(config.config_file_path).resolve().parents
    return Layout(next(folder for folder in folders_above if (folder / "mkdocs.yml").exists()))


def _stage(layout: Layout, language: str) -> None:
    book = executed_book.run(read_book.read(layout), report(log.info))
    stage.stage(edition.editions(book), layout, language)
