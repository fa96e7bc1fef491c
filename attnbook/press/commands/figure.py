"""``figure``: one file of one figure, executing only the cells that it needs."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from ..base.errors import PressError, short_path
from ..editions import single_figure
from ..execution.progress import report
from ..handouts.formats import FORMATS, make_all
from . import one_book


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "figure", help="write one figure, executing only the cells that it needs"
    )
    parser.add_argument("slug")
    parser.add_argument("--format", default="svg", help=", ".join(FORMATS))
    parser.add_argument("--output", type=Path, help="where (default: SLUG.FORMAT in this folder)")
    parser.add_argument("--force", action="store_true", help="overwrite a file that is there")
    one_book.add_language(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the figure."""
    one_book.check_choice("format", options.format, tuple(FORMATS))
    book = one_book.read(options)
    single_figure.find(book, options.lang, options.slug)
    path = options.output or Path(f"{options.slug}.{options.format}")
    if path.is_dir():
        path = path / f"{options.slug}.{options.format}"
    if path.exists() and not options.force:
        raise _exists(path)
    figure = single_figure.make(book, options.lang, options.slug, report(one_book.say_aside))
    files = make_all(figure)
    if options.format not in files:
        raise PressError(
            f"the figure {options.slug!r} has no {options.format}",
            mend=f"it is a diagram and shows no data; it has {', '.join(files)}",
        )
    write(path, files[options.format], force=options.force)
    one_book.say_aside(f"{short_path(path)}: {len(files[options.format])} bytes")
    return 0


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
