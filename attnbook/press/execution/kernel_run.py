"""One run of a chapter in a Jupyter kernel.

The kernel is the running interpreter's and sees nothing of the user's profile: its home, its
Jupyter, IPython and Matplotlib settings and its working directory are empty folders, and of the
environment only what finds Python and its packages gets through. One thread, a fixed hash seed, no
accelerator: what a chapter computes depends on nothing but its sources and versions.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import re
import site
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar

import nbformat
import psutil
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from ..base import author_files
from ..base.book_paths import PACKAGE
from ..base.errors import PressError, short_path
from ..source.chapter_script import Cell, Chapter
from ..source.figure_messages import Catalogue

Result = TypeVar("Result")
STARTUP = 120.0
# The module for the kernel. It is named and not imported, since it loads Matplotlib, which only the
# kernel needs.
CAPTURE = f"{__package__}.cell_capture"
QUIET = logging.getLogger(f"{__name__}.quiet")  # what goes wrong is raised
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False
# Variables by which the system finds Python and its libraries: the kernel gets them.
PASSED = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "COMSPEC",
    "WINDIR",
)
# Variables that lead to a user's settings and to temporary files: the kernel gets empty folders.
HOMES = (
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "TMPDIR",
    "TEMP",
    "TMP",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "MPLCONFIGDIR",
)
SET = {
    "CUDA_VISIBLE_DEVICES": "",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
OBJECT = re.compile(r"\bat 0x[0-9a-fA-F]{6,}|<Figure size \d+x\d+|<[\w.]+ object>")
LONGEST = 50_000  # characters of a cell's output; the longest of the book has some 1,500


class _ThisPython(KernelSpecManager):
    """Offers the running interpreter, whatever the machine has installed as "python3"."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, language="python", display_name="Python 3")


class Run:
    """A run of ``chapter`` in the empty folder ``work``.

    ``fonts`` is the folder of small fonts, which runs share. ``report`` is called with the index of
    a cell as it starts, and again with the seconds it took.
    """

    def __init__(
        self,
        chapter: Chapter,
        catalogue: Catalogue,
        work: Path,
        fonts: Path,
        timeout: float,
        report: Callable[[int, float | None], None],
    ) -> None:
        self.chapter, self.catalogue, self.work = chapter, catalogue, work
        self.fonts, self.timeout, self.report = fonts, timeout, report
        self.entry, self.reports = work / "entry", work / "reports"
        self.log = work / "kernel.log"
        for folder in ("entry", "reports", "home", "cwd"):
            (work / folder).mkdir()

    async def run(self) -> dict[str, Any]:
        """The record of the run; its files are in ``entry``."""
        _require_loopback()
        record = await self._run()
        for kind in ("figures", "arrays", "plotted"):
            if (self.reports / kind).is_dir():
                (self.reports / kind).rename(self.entry / kind)
        return record

    async def _run(self) -> dict[str, Any]:
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(cell.source, id=cell.label) for cell in self.chapter.cells
            ],
            metadata={
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
            },
        )
        record: dict[str, Any] = {"results": {}, "numbers": {}}
        self.report(0, None)
        async with self._kernel() as (manager, kernel):
            client = NotebookClient(
                notebook,
                km=manager,
                timeout_func=lambda _: self.timeout,
                iopub_timeout=60,
                raise_on_iopub_timeout=True,  # else output would get lost
                record_timing=False,
                log=QUIET,
            )
            client.kc = kernel
            await self._tell(kernel, f"begin({str(self._settings())!r})")
            for index, cell in enumerate(self.chapter.cells):
                if index:
                    self.report(index, None)
                start = time.perf_counter()
                await self._cell(client, index)
                self._read(cell, notebook.cells[index], record)
                self.report(index, time.perf_counter() - start)
            report = self.work / "finish.json"
            await self._tell(kernel, f"finish({str(report)!r})")
        nbformat.write(notebook, self.entry / "executed.ipynb")
        loaded = json.loads(report.read_text(encoding="utf-8"))
        record["sources"] = sorted(map(_relative, loaded["sources"]))
        record["distributions"] = loaded["distributions"]
        return record

    @asynccontextmanager
    async def _kernel(self) -> AsyncIterator[tuple[AsyncKernelManager, AsyncKernelClient]]:
        """A kernel that is ready, for as long as the context lasts and no longer."""
        _drop_racy_bytecode()
        manager = AsyncKernelManager(
            connection_file=str(self.work / "kernel.json"),
            kernel_spec_manager=_ThisPython(),
            log=QUIET,
        )
        kernel = None
        with self.log.open("wb") as log:
            try:
                await manager.start_kernel(
                    env=self._environment(),
                    cwd=str(self.work / "cwd"),
                    extra_arguments=["--HistoryManager.enabled=False", "--log-level=ERROR"],
                    stdout=log,
                    stderr=log,
                )
                kernel = manager.client()
                kernel.start_channels()
                try:
                    await kernel.wait_for_ready(timeout=STARTUP)
                except RuntimeError as error:
                    raise self._unusable(str(error)) from None
                kernel.allow_stdin = False
                yield manager, kernel
            finally:
                if kernel is not None:
                    kernel.stop_channels()
                if manager.has_kernel:
                    await manager.shutdown_kernel(now=True)
                self._end_what_cells_started()

    def _end_what_cells_started(self) -> None:
        """Kill what still runs in the environment of this kernel, whoever its parent is by now."""
        home = self._environment()["HOME"]
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):  # it ended, or is somebody else's
                if process.environ().get("HOME") == home:
                    process.kill()

    async def _cell(self, client: NotebookClient, index: int) -> None:
        cell = self.chapter.cells[index]
        try:
            await client.async_execute_cell(client.nb.cells[index], index, index + 1)
        except CellExecutionError:
            pass  # the report of the cell says it better
        except CellTimeoutError:
            raise self._wrong(
                cell,
                f"the cell {cell.label!r} takes longer than its limit of {self.timeout:g} seconds",
                mend="make it faster, or raise the limit: build --timeout SECONDS",
            ) from None
        except DeadKernelError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # by Ctrl-C: nbclient takes it for a death
                raise asyncio.CancelledError from None
            raise self._wrong(
                cell,
                f"the kernel dies in the cell {cell.label!r}",
                mend="see whether the cell leaves Python or needs more memory than there is",
                detail=self.log.read_text("utf-8", "replace"),
            ) from None

    async def _tell(self, kernel: AsyncKernelClient, call: str) -> None:
        """Call a function of ``capture`` in the kernel; no name of the chapter is touched."""
        try:
            reply = await kernel.execute_interactive(
                f"__import__({CAPTURE!r}, fromlist=['*']).{call}",
                silent=True,
                timeout=STARTUP,
                output_hook=lambda message: None,
            )
        except TimeoutError as error:
            raise self._unusable(str(error)) from None
        content = reply["content"]
        if content["status"] != "ok":
            raise self._unusable(
                f"{content.get('ename')}: {content.get('evalue')}",
                ANSI.sub("", "\n".join(content.get("traceback", ()))),
            )

    def _unusable(self, what: str, detail: str = "") -> PressError:
        return PressError(
            f"the kernel cannot be used: {what}",
            path=self.chapter.path,
            mend="see that everything the press needs is installed",
            detail=detail or self.log.read_text("utf-8", "replace"),
        )

    def _settings(self) -> Path:
        """Write what ``capture`` must know."""
        path = self.work / "settings.json"
        settings = {
            "folder": str(self.reports),
            "work": str(self.work),
            "longest": LONGEST,
            "log": str(self.log),
            "fonts": str(self.fonts),
            "script": short_path(self.chapter.path),
            "catalogue": {
                "path": short_path(self.catalogue.path),
                "languages": self.catalogue.languages,
                "rows": self.catalogue.rows,
            },
            "cells": [
                {"label": cell.label, "source": cell.source, "line": cell.line}
                for cell in self.chapter.cells
            ],
        }
        path.write_text(json.dumps(settings), encoding="utf-8")
        return path

    def _environment(self) -> dict[str, str]:
        passed = {name: os.environ[name] for name in PASSED if name in os.environ}
        homes = dict.fromkeys(HOMES, str(self.work / "home"))
        # The attnbook that is running, before whatever else this process finds its packages by.
        path = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        packages = {"PYTHONPATH": os.pathsep.join(path)}
        if site.ENABLE_USER_SITE:
            packages["PYTHONUSERBASE"] = site.getuserbase()
        else:
            packages["PYTHONNOUSERSITE"] = "1"
        return {**passed, **homes, **SET, **packages}

    def _read(self, cell: Cell, node: NotebookNode, record: dict[str, Any]) -> None:
        """Check what the cell left, and add it to ``record``."""
        path = self.reports / f"{cell.label}.json"
        if not path.is_file():
            raise self._wrong(cell, f"the cell {cell.label!r} was not watched to its end")
        report = json.loads(path.read_text(encoding="utf-8"))
        if problem := report["problem"]:
            raise PressError(
                problem["what"],
                path=self.chapter.path,
                line=problem["line"] or cell.line,
                mend=problem["mend"],
                detail=problem["detail"],
            )
        if report["hidden"]:
            node.outputs = [out for out in node.outputs if out.output_type != "execute_result"]
        text = "".join(self._text(cell, output) for output in node.outputs)
        record["results"][cell.label] = {
            "text": text.rstrip("\n"),
            "figure": report["figure"],
            "seeds": report["seeds"],
        }
        numbers = record["numbers"]
        for name, value in report["numbers"].items():
            first = {"value": value, "label": cell.label, "ambiguous": False}
            number = numbers.setdefault(name, first)
            if repr(number["value"]) != repr(value):
                number["ambiguous"] = True
        for name in report["rebound"]:
            if name in numbers:
                numbers[name]["ambiguous"] = True

    def _text(self, cell: Cell, output: NotebookNode) -> str:
        """The text of ``output``, which must be one that every run repeats and a reader can use."""
        what, mend, text = "", "", ""
        if output.output_type == "stream":
            text = output.text
            if output.name == "stderr":
                what = "writes to standard error"
                mend = "remove the cause; a reader of the page would see it"
        elif "text/plain" in output.get("data", {}):
            text = output.data["text/plain"] + "\n"
        else:
            kinds = ", ".join(output.get("data", {})) or output.output_type
            what = f"has an output that is not text: {kinds}"
            mend = "print text, or make a Matplotlib figure"
        if match := OBJECT.search(text):
            what = f"shows an object instead of what matters of it: {match[0]!r}"
            mend = "print what a reader should know; a figure needs no display()"
        elif control := author_files.CONTROL.search(text):
            what = f"prints the control character U+{ord(control[0]):04X}"
            mend = "print what a reader can see"
        elif len(text) > LONGEST:
            what = f"prints {len(text):,} characters, more than the limit of {LONGEST:,}"
            mend, text = "print what a reader should know", text[:500]
        elif str(self.work) in text:
            what, mend = "shows a path of this machine", "print the name of the file only"
        if what:
            raise self._wrong(
                cell, f"the cell {cell.label!r} {what}", mend=mend, detail=ANSI.sub("", text)
            )
        return text

    def _wrong(self, cell: Cell, what: str, *, mend: str = "", detail: str = "") -> PressError:
        return PressError(what, path=self.chapter.path, line=cell.line, mend=mend, detail=detail)


def _require_loopback() -> None:
    """See that a process can talk to another of this machine, as kernels and the press do."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=10).close()
    except OSError as error:
        raise PressError(
            "cells cannot be executed: programs of this machine cannot reach one another at "
            f"127.0.0.1 ({error.strerror or error})",
            mend="bring the loopback interface up: 'ip link set lo up', as root; in a sandbox, "
            "allow connections to 127.0.0.1",
        ) from None


def finished(job: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """What the coroutine function ``job`` returns, also where an event loop runs already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(job())  # Ctrl-C cancels the job, which shuts its kernels down
    outcome: list[Any] = []

    def target() -> None:
        try:
            outcome.append(asyncio.run(job()))
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _drop_racy_bytecode() -> None:
    """Remove compiled files that may be older than the source they are taken for.

    Python compares times by the second, so an edit in the second of compilation escapes it.
    """
    for source in PACKAGE.rglob("*.py"):
        compiled = Path(cache_from_source(source))
        with contextlib.suppress(OSError):
            if compiled.stat().st_mtime_ns <= source.stat().st_mtime_ns:
                compiled.unlink()


def _relative(path: str) -> str:
    """``path`` relative to the folder that holds the package, where it lies in it."""
    if Path(path).is_relative_to(PACKAGE.parent):
        return Path(path).relative_to(PACKAGE.parent).as_posix()
    return path
