"""Figures and citations of the book from the shell: ``python -m attnbook figures|figure|cite``.

It works in a checkout of the book, where chapters and pages are, with the packages that build it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from attnbook.press.base.errors import PressError, shown

if TYPE_CHECKING:
    from attnbook.press.checks.read_book import BookSource

ROOT = Path(__file__).resolve().parents[1]
FORMATS = ("svg", "dark.svg", "pdf", "png", "csv", "pptx", "bib", "ris", "json", "zip")
STYLES = ("gbt7714", "apa", "bibtex", "ris", "csl")
LANGUAGES = ("zh", "en")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; what cannot be done ends it with 1 and a message that says why."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except PressError as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        mend = "in a checkout of the book: pip install --group press -e ."
        print(PressError(f"the package {error.name!r} is missing", mend=mend), file=sys.stderr)
        return 1
    except BrokenPipeError:  # of a reader such as head
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 — until the process ends
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m attnbook", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    figures = commands.add_parser("figures", help="list all figures: slug, chapter, title")
    figures.set_defaults(run=_figures)

    figure = commands.add_parser(
        "figure", help="write one figure, executing only the cells that it needs"
    )
    figure.add_argument("slug")
    figure.add_argument("--format", default="svg", help=", ".join(FORMATS))
    figure.add_argument("--output", type=Path, help="where (default: SLUG.FORMAT in this folder)")
    figure.add_argument("--force", action="store_true", help="overwrite a file that is there")
    figure.set_defaults(run=_figure)

    cite = commands.add_parser("cite", help="print the citation of a figure, or of the book")
    cite.add_argument("slug", nargs="?", help="a figure; without it, the book")
    cite.add_argument("--style", default="gbt7714", help=", ".join(STYLES))
    cite.set_defaults(run=_cite)

    for command in (figures, figure, cite):
        command.add_argument("--lang", default="zh", help=", ".join(LANGUAGES))
        command.add_argument("--root", type=Path, default=ROOT, help="the folder with mkdocs.yml")
    return parser


def _figures(options: argparse.Namespace) -> None:
    from attnbook.press.editions import single_figure

    book = _book(options)
    found = single_figure.placements(book, options.lang)
    width = max(len(placement.label) for _, placement in found)
    for page, placement in found:
        print(f"{placement.label:{width}}  {page.name}  {placement.title}")


def _figure(options: argparse.Namespace) -> None:
    from attnbook.press.editions import single_figure
    from attnbook.press.execution.progress import report
    from attnbook.press.handouts import figure_files

    _known("format", options.format, FORMATS)
    book = _book(options)
    single_figure.find(book, options.lang, options.slug)
    path = options.output or Path(f"{options.slug}.{options.format}")
    if path.is_dir():
        path = path / f"{options.slug}.{options.format}"
    if path.exists() and not options.force:
        raise _exists(path)
    exhibit = single_figure.make(book, options.lang, options.slug, report(_tell))
    made = figure_files.of(exhibit, book.catalogue)
    if options.format not in made:
        raise PressError(
            f"the figure {options.slug!r} has no {options.format}",
            mend=f"it is a diagram and shows no data; it has {', '.join(made)}",
        )
    write(path, made[options.format], force=options.force)
    _tell(f"{shown(path)}: {len(made[options.format])} bytes")


def _cite(options: argparse.Namespace) -> None:
    from attnbook.press.editions import single_figure
    from attnbook.press.metadata import citation

    _known("style", options.style, STYLES)
    book = _book(options)
    if options.slug is None:
        cited = citation.of_book(book.imprint, options.lang)
    else:
        cited = citation.of_figure(single_figure.record(book, options.lang, options.slug))
    match options.style:
        case "bibtex":
            text = cited.bibtex()
        case "ris":
            text = cited.ris()
        case "csl":
            text = cited.csl()
        case style:
            text = cited.formatted(style, date.today())
    print(text.rstrip("\n"))


def _book(options: argparse.Namespace) -> BookSource:
    from attnbook.press.base.book_paths import Layout
    from attnbook.press.checks import read_book

    _known("language", options.lang, LANGUAGES)
    root = options.root.resolve()
    if not (root / "mkdocs.yml").exists():
        raise PressError(
            "the pages of the book are not here",
            path=root,
            mend="run it in a checkout of the book, or name one: --root FOLDER",
        )
    return read_book.read(Layout(root))


def _known(what: str, given: str, choices: Sequence[str]) -> None:
    if given not in choices:
        near = get_close_matches(given.lower(), choices, n=2, cutoff=0.5)
        raise PressError(
            f"there is no {what} {given!r}",
            mend=f"did you mean {' or '.join(near)}?" if near else f"choose {', '.join(choices)}",
        )


def _exists(path: Path) -> PressError:
    return PressError(
        "the file is already there", path=path, mend="name another one, or add --force"
    )


def write(path: Path, content: bytes, *, force: bool) -> None:
    """Put ``content`` at ``path``, whole or not at all; over another file only by ``force``.

    Raises
    ------
    PressError
        If there is a file already, or the place cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        raise PressError(
            f"the file cannot be written: {error.strerror}", path=path, mend="name another place"
        ) from None
    part = Path(name)
    try:
        part.chmod(0o644)
        if force:
            part.replace(path)
        else:
            part.rename(path) if os.name == "nt" else os.link(part, path)
    except FileExistsError:
        raise _exists(path) from None
    finally:
        part.unlink(missing_ok=True)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
