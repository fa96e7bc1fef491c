"""What a cell may not do, noticed inside the kernel while it runs.

Outside the folder of the run nothing is written, no other process is signalled, and what a cell
prints has an end. Python tells of files and signals through its audit events; what a program that
the cell starts does, or a library in compiled code, it does not see.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import psutil

from ..base.errors import PressError

WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
# Of each event that changes a file, which of its arguments are paths.
CHANGES = {
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.link": (1,),
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.utime": (0,),
}


class Bounds:
    """The bounds of the cells of one kernel: ``folder`` to write in, ``longest`` output."""

    def __init__(self, folder: Path, longest: int) -> None:
        self.folder, self.longest = folder.resolve(), longest
        self.printed = 0
        self.active = False
        self.crossed: PressError | None = None
        self.uncounted: list[tuple[TextIO, Callable[[str], int]]] = []
        sys.addaudithook(self._heard)

    def begin(self) -> None:
        """A cell starts."""
        self.printed, self.crossed, self.active = 0, None, True
        # By the cell, since IPython changes this method, too, and restores it afterwards.
        self.uncounted = [(stream, stream.write) for stream in (sys.stdout, sys.stderr)]
        for stream, write in self.uncounted:
            stream.write = self._counted(write)

    def end(self) -> PressError | None:
        """The cell has ended; the first bound that it crossed, even if it caught the error."""
        self.active = False
        for stream, write in self.uncounted:
            stream.write = write
        return self.crossed

    def _cross(self, what: str, mend: str) -> None:
        error = PressError(what, mend=mend)
        self.crossed = self.crossed or error
        raise error

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.active:
            return
        if event == "open":
            path, mode, flags = arguments
            if flags & WRITING or set(mode or "") & set("wax+"):
                self._write(path)
        elif event in CHANGES:
            for place in CHANGES[event]:
                self._write(arguments[place])
        elif event in {"os.kill", "os.killpg"}:
            self._signal(arguments[0])

    def _write(self, path: object) -> None:
        if not isinstance(path, (str, bytes, os.PathLike)):  # a file that is open already
            return
        place = Path(os.fsdecode(path)).absolute()
        resolved = place.parent.resolve() / place.name
        if not (resolved.is_relative_to(self.folder) or resolved.is_relative_to("/dev")):
            self._cross(
                f"writes outside its folder: {place.as_posix()}",
                "let a cell keep what it computes in names, or write into the working directory, "
                "which is thrown away",
            )

    def _signal(self, process: int) -> None:
        kernel = psutil.Process()
        if process not in {kernel.pid, *(child.pid for child in kernel.children(recursive=True))}:
            self._cross(f"signals the process {process}, which it did not start", "leave it alone")

    def _counted(self, write: Callable[[str], int]) -> Callable[[str], int]:
        def counted(text: str) -> int:
            self.printed += len(text)
            if self.printed > self.longest:
                self._cross(
                    f"prints more than the limit of {self.longest:,} characters",
                    "print what a reader should know",
                )
            return write(text)

        return counted
