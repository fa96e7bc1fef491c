"""Programs that make pages of the staged Markdown, and what each has to be told.

The book is published with MkDocs. The others show that the stage belongs to none of them, and what
a move would cost: see CONTRIBUTING.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from ..base import book_settings, imprint, safe_files
from ..base.book_paths import PACKAGE, Layout
from ..base.errors import PressError
from ..words.load import WORDS
from . import edition_settings

HOOK = PACKAGE / "press" / "site" / "mkdocs_hook.py"
GENERATED = "generated"  # below build/: pages of a generator that writes there only


@dataclass(frozen=True)
class Generator:
    """A program that makes pages, run as ``python -m <module> build``.

    Parameters
    ----------
    name
        What messages call it.
    options
        Options of its command.
    settings
        What its configuration says beside what all configurations say.
    names_site
        Whether its command takes the folder of the site; else that lies below its configuration.
    renders_notebooks
        Whether it makes pages of notebooks; else the press stages them as Markdown.
    has_search_field
        Whether its pages have Material's field and dialog for the search.
    runs_alone
        Whether two of its runs would get into each other's way.
    theme
        The package that has the templates of its pages.
    """

    name: str
    module: str
    options: Sequence[str] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    names_site: bool = True
    renders_notebooks: bool = True
    has_search_field: bool = True
    runs_alone: bool = False
    theme: str = "material"

    def templates(self, layout: Layout) -> list[Path]:
        """The folders of the templates that pages are made from: the book's, and the theme's."""
        theme = find_spec(self.theme)
        folders = theme.submodule_search_locations if theme else None
        return [layout.theme, *(Path(folder, "templates") for folder in folders or ())]

    def write(self, layout: Layout, language: str, site: Path) -> None:
        """Write the pages of ``language``, which is staged, to ``site``.

        Raises
        ------
        PressError
            With the generator's own words, if it fails.
        """
        if not self.renders_notebooks:
            _stage_notebooks(layout.stage(language), WORDS[language].theme.notebook)
        config = configure(layout, language, self)
        place = ["--site-dir", str(site)] if self.names_site else []
        run(
            [self.module, "build", *self.options, "--config-file", str(config), *place],
            f"{self.name} could not build the pages in {WORDS[language].name}",
            layout,
        )
        if not self.names_site:
            site.parent.mkdir(parents=True, exist_ok=True)
            (layout.build / GENERATED / language).rename(site)


MKDOCS = Generator("MkDocs", "mkdocs", ["--strict"])  # not --quiet: it makes strict mode blind
GENERATORS = {
    "mkdocs": MKDOCS,
    "properdocs": Generator("ProperDocs", "properdocs", ["--strict"]),
    "zensical": Generator(
        "Zensical",
        "zensical",
        ["--clean"],
        # Equations get their ids when pages are finished, and no hook can say so before.
        settings={"strict": False, "theme": {"variant": "classic"}},
        names_site=False,
        renders_notebooks=False,
        has_search_field=False,
        theme="zensical",
        runs_alone=True,  # they clean one cache, beside the configurations
    ),
}


def configure(
    layout: Layout, language: str, generator: Generator = MKDOCS, *, served: bool = False
) -> Path:
    """Write the generator's configuration of ``language`` and return its path.

    It inherits the edition's own and says where things lie, and what templates are told. A served
    book is staged by the hook at every change, a built one was staged before.
    """
    stage, edition = layout.stage(language), layout.edition(language)
    path = layout.config(language)
    address = imprint.address(layout.root)
    config: dict[str, Any] = {
        "INHERIT": f"../{edition.relative_to(layout.root).as_posix()}",
        "docs_dir": f"stage/{language}",
        "site_url": f"{address}/{language}/" if address else "",
        "theme": {"custom_dir": "../docs/theme/overrides"},
        "hooks": [os.path.relpath(HOOK, path.parent)],
        "extra": {"staged": not served, **edition_settings.extra(language)},
    }
    for name, value in generator.settings.items():
        config[name] = {**config[name], **value} if isinstance(value, dict) else value
    if not generator.names_site:
        config["site_dir"] = f"{GENERATED}/{language}"
    if not generator.renders_notebooks:
        config["nav"] = _with_markdown(book_settings.configuration(edition)["nav"])
    stage.mkdir(parents=True, exist_ok=True)  # mkdocs wants it before the hook can make it
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    safe_files.write_if_changed(path, text.encode())
    return path


def environment(layout: Layout) -> dict[str, str]:
    """The environment of a reproducible build: one date for everything that wants one."""
    fixed = {
        "SOURCE_DATE_EPOCH": str(imprint.epoch(layout.root)),
        "PYTHONHASHSEED": "0",
        "NO_COLOR": "1",
    }
    # Material's announcement of its end of life is no news to a reader of this build's output.
    return {**os.environ, **fixed, "NO_MKDOCS_2_WARNING": "1"}


def run(module: Sequence[str], failure: str, layout: Layout) -> None:
    """Run a ``module`` of Python with its arguments.

    Raises
    ------
    PressError
        Which says ``failure`` and what the module said, if it fails.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-m", *module],  # -P: the press in use, not one in the folder
        cwd=layout.root,
        env=environment(layout),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise PressError(failure, detail=(done.stderr or done.stdout).strip())


def _stage_notebooks(stage: Path, mark: str) -> None:
    """Stage the page of every notebook as Markdown: the HTML that Jupyter makes of it.

    Its title ends with ``mark``, and links to the notebook lead to its page.
    """
    from mkdocs_jupyter.convert import nb2html

    for notebook in sorted(stage.rglob("*.ipynb")):
        title = json.loads(notebook.read_text("utf-8"))["metadata"]["title"]
        front = yaml.safe_dump({"title": f"{title}{mark}"}, allow_unicode=True)
        page = nb2html(str(notebook), allow_errors=False)
        notebook.with_suffix(".md").write_text(f"---\n{front}---\n\n{page}\n", "utf-8")
        link = f"]({notebook.relative_to(stage).as_posix()})"
        for path in stage.glob("*.md"):
            text = path.read_text("utf-8")
            path.write_text(text.replace(link, link.replace(".ipynb)", ".md)")), "utf-8")


def _with_markdown(entry: Any) -> Any:
    """The navigation ``entry`` with Markdown pages in the place of notebooks."""
    if isinstance(entry, list):
        return [_with_markdown(one) for one in entry]
    if isinstance(entry, dict):
        return {title: _with_markdown(one) for title, one in entry.items()}
    return entry.removesuffix(".ipynb") + ".md" if entry.endswith(".ipynb") else entry
