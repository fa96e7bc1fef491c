"""The part of the press that runs inside the kernel: after each cell, note what the cell made.

`begin` hangs on two of IPython's own events. After a cell it writes ``<label>.json`` for the press
to read: figure, numbers, and whatever is wrong; figures and arrays go to files of their own.

The rules:

- A cell makes at most one figure, with pyplot or as its trailing expression. Then it is closed.
- A trailing expression that is, or holds, a part of a drawing (`Figure`, `Axes`, `Text`, …) is no
  output: its repr means nothing to a reader.
- A warning is an error: a reader would see it, and it rarely means nothing. So is anything else on
  standard error.
- A cell keeps within the `Bounds` of its run.
"""

from __future__ import annotations

import faulthandler
import hashlib
import json
import os
import sys
import sysconfig
import traceback
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure as Drawing

from ..base.book_paths import PACKAGE
from ..base.errors import PressError
from ..figure_data.read_plot import extract, texts
from ..figures import small_fonts
from ..figures.draw_files import publish, use_fonts_of_the_book
from ..source.figure_messages import Catalogue, MissingTranslation
from .contained_cells import Bounds

Json = dict[str, Any]


def begin(file: str) -> None:
    """Start to watch the cells of the chapter that the settings in ``file`` describe."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    assert shell is not None
    settings = json.loads(Path(file).read_text(encoding="utf-8"))
    # Into a file: what is written to standard error, ipykernel loses when the process dies.
    faulthandler.enable(Path(settings["log"]).open("ab"))  # noqa: SIM115 — as long as the kernel
    use_fonts_of_the_book()
    watch = Watch(shell, settings)
    small_fonts.use(Path(settings["fonts"]), watch.catalogue)
    if any("torch" in cell["source"] for cell in settings["cells"]):
        watch.seeds = note_seeds()
    shell.events.register("pre_run_cell", watch.before)
    shell.events.register("post_run_cell", watch.after)


class Watch:
    """What is known of the chapter from one cell to the next."""

    def __init__(self, shell: Any, settings: Json) -> None:
        self.shell = shell
        self.folder, self.script = Path(settings["folder"]), str(settings["script"])
        self.cells: list[Json] = settings["cells"]
        self.catalogue = Catalogue(
            Path(settings["catalogue"]["path"]),
            tuple(settings["catalogue"]["languages"]),
            tuple(map(tuple, settings["catalogue"]["rows"])),
        )
        self.lines = {f"<{cell['label']}>": cell["line"] for cell in self.cells}
        self.done = 0
        self.arrays: dict[str, str] = {}
        self.caught: list[Json] = []
        self.seeds: set[int] = set()
        self.bounds = Bounds(Path(settings["work"]), settings["longest"])

    @property
    def cell(self) -> Json:
        return self.cells[self.done]

    def before(self, info: Any) -> None:
        """Give the cell a file name of its own, by which tracebacks and warnings name it."""
        os.environ["IPYKERNEL_CELL_NAME"] = f"<{self.cell['label']}>"
        self.caught = []
        self.seeds.clear()
        warnings.showwarning = self._warned
        self.bounds.begin()

    def after(self, result: Any) -> None:
        """Write down what the cell printed, drew and computed."""
        crossed = self.bounds.end()
        report: Json = {"figure": None, "hidden": False, "problem": None}
        report["seeds"] = sorted(self.seeds)
        try:
            error = result.error_before_exec or result.error_in_exec
            if crossed is not None:
                report["problem"] = {
                    "what": f"the cell {self.cell['label']!r} {crossed.what}",
                    "mend": crossed.mend,
                    "line": self._raised(crossed)["line"],
                    "detail": "",
                }
            elif error is not None:
                report["problem"] = self._raised(error)
            elif self.caught:
                report["problem"] = self.caught[0]
            else:
                self._collect(result.result, report)
        except PressError as error:
            report["problem"] = {
                "what": error.what,
                "mend": error.mend,
                "line": self._line_of(error.what),
                "detail": error.detail,
            }
        except Exception as error:
            report["problem"] = self._raised(error)
        finally:
            plt.close("all")
        path = self.folder / f"{self.cell['label']}.json"
        path.write_text(json.dumps(report), encoding="utf-8")
        self.done += 1

    def _collect(self, result: object, report: Json) -> None:
        label = self.cell["label"]
        figures = [plt.figure(number) for number in plt.get_fignums()]
        if isinstance(result, Drawing) and result not in figures:
            figures.append(result)
        if len(figures) > 1:
            raise PressError(
                f"the cell {label!r} makes {len(figures)} figures",
                mend="make one figure in each cell: its name is the label of the cell",
            )
        if figures:
            plotted = extract(figures[0])
            figure = publish(figures[0], label, self.folder / "figures", self.catalogue)
            self._save_plotted(plotted)
            report["figure"] = {"width": figure.width, "height": figure.height}
        report["hidden"] = is_drawing(result)
        names = {
            name: value
            for name, value in self.shell.user_ns.items()
            if not name.startswith("_") and name not in self.shell.user_ns_hidden
        }
        report["numbers"] = scalars(names)
        report["rebound"] = sorted(name for name in names if name not in report["numbers"])
        self._save_arrays(names)

    def _save_plotted(self, plotted: Json) -> None:
        """Write the data of the figure; its texts are published too, even where not drawn."""
        for said in texts(plotted):
            for language in self.catalogue.languages:
                try:
                    self.catalogue.translate(said, language)
                except MissingTranslation as error:
                    raise PressError(
                        f"the text {said!r} in the data of the figure has no translation",
                        mend=f"add a row for {error.args[0]!r} to {self.catalogue.path.as_posix()}",
                    ) from None
        path = self.folder / "plotted" / f"{self.cell['label']}.json"
        path.parent.mkdir(exist_ok=True)
        text = json.dumps(plotted, ensure_ascii=False, allow_nan=False)
        path.write_text(f"{text}\n", encoding="utf-8", newline="\n")

    def _save_arrays(self, names: Mapping[str, object]) -> None:
        fresh: dict[str, np.ndarray] = {}
        for name, value in names.items():
            array = as_array(value)
            if array is None:
                continue
            mark = hashlib.sha256(repr((array.dtype.str, array.shape)).encode())
            mark.update(array.tobytes())
            if self.arrays.get(name) != mark.hexdigest():
                self.arrays[name] = mark.hexdigest()
                fresh[name] = array
        if fresh:
            path = self.folder / "arrays" / f"{self.cell['label']}.npz"
            path.parent.mkdir(exist_ok=True)
            save(path, fresh)

    def _warned(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: object = None,
        line: str | None = None,
    ) -> None:
        where = next(
            (
                self.lines[frame.f_code.co_filename] + frame.f_lineno - 1
                for frame in callers(sys._getframe(1))
                if frame.f_code.co_filename in self.lines
            ),
            None,
        )
        place = filename if filename in self.lines else shortened(filename)
        self.caught.append(
            {
                "what": f"the cell {self.cell['label']!r} warns: {category.__name__}: {message}",
                "mend": "remove the cause; a reader of the page would see the warning",
                "line": where,
                "detail": "" if filename in self.lines else f"warned in {place}:{lineno}",
            }
        )

    def _raised(self, error: BaseException) -> Json:
        """Where and how ``error`` came about, in lines of the script."""
        summary = traceback.TracebackException.from_exception(error)
        line = self._place(summary)
        lines = "".join(summary.format()).splitlines()
        if len(lines) > 60:
            lines = [*lines[:30], "…", *lines[-30:]]
        kind = type(error).__name__
        text = str(error).splitlines()
        said = f"{kind}: {text[0]}" if text else kind
        return {
            "what": f"the cell {self.cell['label']!r} raises {said}",
            "mend": "correct the cell; below is how it got there, in lines of the script",
            "line": line,
            "detail": "\n".join(lines),
        }

    def _place(self, summary: traceback.TracebackException) -> int | None:
        """Rewrite the frames of ``summary`` to lines of the script; the innermost one's line."""
        kept: list[traceback.FrameSummary] = []
        innermost = None
        for frame in summary.stack:
            file, line = shortened(frame.filename), frame.lineno or 1
            if frame.filename in self.lines:
                if innermost is None:
                    kept = []  # IPython's own frames, which led to the cell
                file, line = self.script, self.lines[frame.filename] + line - 1
                innermost = line
            kept.append(traceback.FrameSummary(file, line, frame.name, line=frame.line or ""))
        summary.stack[:] = kept
        filename = getattr(summary, "filename", None)
        if filename in self.lines:  # a SyntaxError says where without a frame
            innermost = self.lines[filename] + int(getattr(summary, "lineno", None) or 1) - 1
            summary.filename, summary.lineno = self.script, str(innermost)
        for inner in (summary.__cause__, summary.__context__):
            if inner is not None:
                self._place(inner)
        return innermost

    def _line_of(self, what: str) -> int | None:
        """The line of the cell that holds the text quoted in ``what``, if one does."""
        rows = self.cell["source"].splitlines()
        for quoted in (what.split(mark)[1::2] for mark in "'\""):
            for text in quoted:
                for offset, row in enumerate(rows):
                    if text != self.cell["label"] and len(text) > 1 and text in row:
                        return self.cell["line"] + offset
        return None


def note_seeds() -> set[int]:
    """A set that gets every seed given to a `torch.Generator` from now on."""
    import torch

    seeds: set[int] = set()

    class Generator(torch.Generator):
        def manual_seed(self, seed: int) -> torch.Generator:
            seeds.add(int(seed))
            return super().manual_seed(seed)

    Generator.__module__, Generator.__qualname__ = "torch", "Generator"
    torch.Generator = Generator
    return seeds


def finish(path: str) -> None:
    """Write what the results depend on: loaded sources beside the chapter, and versions."""
    sources = sorted({str(file) for file in loose_sources(list(sys.modules.values()))})
    tops = {name.partition(".")[0] for name in sys.modules}
    owners = metadata.packages_distributions()
    loaded = {owner.lower() for top in tops for owner in owners.get(top, ())}
    Path(path).write_text(
        json.dumps({"sources": sources, "distributions": sorted(loaded)}), encoding="utf-8"
    )


def loose_sources(modules: list[ModuleType]) -> Iterator[Path]:
    """Files of modules that no version number speaks for: neither installed nor of Python."""
    paths = sysconfig.get_paths()
    library = [Path(paths[name]).resolve() for name in ("stdlib", "platstdlib")]
    for module in modules:
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not file.endswith((".py", ".so", ".pyd")):
            continue
        path = Path(file).resolve()
        if not path.is_file():  # torch makes up modules that have none
            continue
        installed = {"site-packages", "dist-packages"} & set(path.parts)
        if PACKAGE in path.parents or not (
            installed or any(folder in path.parents for folder in library)
        ):
            yield path


def callers(frame: FrameType | None) -> Iterator[FrameType]:
    """``frame`` and the frames that led to it, innermost first."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def shortened(filename: str) -> str:
    """``filename`` without the folders of this machine."""
    path = Path(filename)
    for root in (*map(Path, sys.path), Path(sys.prefix), Path(sys.base_prefix)):
        if root.is_absolute() and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return filename


def is_drawing(value: object) -> bool:
    """Whether ``value`` is, or holds, a part of a drawing."""
    if isinstance(value, Artist):
        return True
    if isinstance(value, np.ndarray) and value.dtype == object:
        return any(is_drawing(item) for item in value.flat)
    if isinstance(value, Mapping):
        return any(is_drawing(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(is_drawing(item) for item in value)
    return False


def scalars(names: Mapping[str, Any]) -> dict[str, bool | int | float | str]:
    """The numbers and strings among ``names``; tensors without dimensions are numbers."""
    numbers: dict[str, bool | int | float | str] = {}
    for name, value in names.items():
        if isinstance(value, np.generic) or (is_array(value) and value.ndim == 0):
            value = value.item()
        for kind in (bool, int, float, str):
            if isinstance(value, kind):
                numbers[name] = kind(value)
                break
    return numbers


def as_array(value: Any) -> np.ndarray | None:
    """``value`` as an array to keep, if it is a tensor or an array of at least one dimension."""
    if is_tensor(value):
        if value.layout is not sys.modules["torch"].strided:
            return None
        value = value.detach().cpu().resolve_conj().resolve_neg()
        if value.dtype is sys.modules["torch"].bfloat16:
            value = value.float()
        value = value.numpy()
    if not isinstance(value, np.ndarray) or value.ndim == 0 or value.dtype.hasobject:
        return None
    return value


def save(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write ``arrays`` as `numpy.savez_compressed` does.

    Except that any name may be used, ``file`` too, and that equal arrays give equal bytes.
    """
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in sorted(arrays.items()):
            member = zipfile.ZipInfo(f"{name}.npy")  # dated 1980
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asanyarray(array), allow_pickle=False)


def is_array(value: Any) -> bool:
    """Whether ``value`` is a tensor or a NumPy array."""
    return isinstance(value, np.ndarray) or is_tensor(value)


def is_tensor(value: Any) -> bool:
    """Whether ``value`` is a tensor; does not load torch, since who never did has none."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)
