"""The command line: ``python -m attnbook.press build``, and what else ``--help`` lists."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

from .base.book_paths import CHECKOUT, Layout
from .base.errors import PressError, PressErrors, short_path
from .commands import (
    audit,
    build,
    cite,
    epub,
    figure,
    figures,
    list_figures,
    offline,
    pdf,
    release,
    serve,
    verify,
)

# In the order of ``--help``: those that make the book, and those that look things up in it.
MAKING = (build, pdf, epub, figures, verify, release, offline, audit, serve)
LOOKING_UP = (list_figures, figure, cite)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a mistake in the book ends it with 1 and a message that says where."""
    options = _parser().parse_args(arguments)
    place = (getattr(options, "site", None) or Layout(options.root).site).resolve()
    before = _identity(place)
    try:
        return options.run(options)
    except PressError as error:
        count = len(error.errors) if isinstance(error, PressErrors) else 1
        message, code = f"{error}\n\n{count} error{'s' * (count > 1)}", 1
        if options.run in [command.run for command in LOOKING_UP]:
            print(error, file=sys.stderr)
            return code
    except BrokenPipeError:  # of a reader such as head
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 — until the process ends
        return 1
    except KeyboardInterrupt:
        message, code = "interrupted", 130
    except Exception as error:  # nobody foresaw it: the reader gets a sentence all the same
        message, code = _unforeseen(error, options), 1
    after = _identity(place)
    if after is None:
        end = "nothing was built"
    else:
        state = "is as it was" if after == before else "was built anew before that"
        end = f"{short_path(place)}/ {state}"
    print(f"\n{message}; {end}.", file=sys.stderr)
    return code


def _unforeseen(error: Exception, options: argparse.Namespace) -> str:
    """What to say of a mistake of the press itself; its traceback goes to a file."""
    command = options.run.__module__.rpartition(".")[2]
    trace = "".join(traceback.format_exception(error))
    path = Layout(options.root).build / "traceback.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(trace, encoding="utf-8")
        where = f"the traceback is in {short_path(path)}"
    except OSError:  # a full disk, perhaps: then it stands here
        where = f"the traceback:\n{trace}"
    said = str(error).strip().splitlines()
    kind = type(error).__name__ + (f": {said[0]}" if said else "")
    return (
        f"{command} met what nobody foresaw, {kind}\n"
        f"  mend: this is a mistake of the press; report it with its traceback\n\n{where}"
    )


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from the one that takes its place; None if there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m attnbook.press", description=__doc__)
    parser.add_argument("--root", type=Path, default=CHECKOUT, help="the folder with mkdocs.yml")
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in (*MAKING, *LOOKING_UP):
        command.register(commands)
    return parser


def _end_as_interrupted() -> None:
    """Let the polite request to end, SIGTERM, be what Ctrl-C is: clean up, say so, end."""

    def asked(_: int, frame: FrameType | None) -> None:
        handler = signal.getsignal(signal.SIGINT)
        # A job in the background starts with Ctrl-C ignored; this request is meant for it.
        (handler if callable(handler) else signal.default_int_handler)(signal.SIGINT, frame)

    signal.signal(signal.SIGTERM, asked)


if __name__ == "__main__":
    _end_as_interrupted()
    sys.exit(main())
