"""Receipts: what every figure and every printed text was when somebody last accepted it.

``docs/receipts/receipts.json`` holds, for people to review, the environment, what cells printed,
and of every figure the digest of its data, those of its drawings, and its seeds. Beside it lie the
data themselves, as
``<slug>.npz``, since other machines can only compare numbers, and a small picture, ``<slug>.png``,
to show a change by.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..base import safe_files
from ..base.book_paths import Layout
from ..base.environment import fingerprint
from ..base.errors import PressError
from ..book.figure_in_book import ranges, seeds
from ..execution import chapter_cache
from ..execution.execute import Execution
from ..figure_data import data_tables
from ..figure_data.data_tables import Panel, Plotted, Series
from ..figure_data.plotted_series import Place
from ..words.load import WORDS

TABLE = "receipts.json"
MEND = "restore docs/receipts, or make receipts anew: nox -s figures -- --accept"
PARTS = ("x", "y", "values")


@dataclass(frozen=True)
class Receipt:
    """The receipt of one figure. ``digest`` is that of its data, empty for a diagram.

    ``drawings`` has the SHA-256 of the SVG of each language, as the chapter drew it; ``seeds`` are
    those the figure depends on, such as ``0–19, 100``. Read from a file, ``plotted`` holds numbers
    and categories but no other text.
    """

    slug: str
    plotted: Plotted
    digest: str
    drawings: Mapping[str, str]
    seeds: str


@dataclass(frozen=True)
class Receipts:
    """The receipts of all figures, by slug, and the environment that drew the figures.

    ``printed`` has what cells printed, by ``<chapter>#<label>``.
    """

    environment: Mapping[str, str]
    figures: Mapping[str, Receipt]
    printed: Mapping[str, str] = field(default_factory=dict)


def take(executions: Iterable[Execution]) -> Receipts:
    """The receipts of the book as it was executed on this machine."""
    figures: dict[str, Receipt] = {}
    printed: dict[str, str] = {}
    for execution in executions:
        for result in execution.results.values():
            if result.text:
                printed[f"{execution.chapter.name}#{result.label}"] = result.text
            if result.figure is None:
                continue
            slug = result.figure.slug
            plotted = Plotted.load(execution.folder / "plotted" / f"{slug}.json")
            drawings = {
                language: chapter_cache.digest(
                    execution.folder / "figures" / f"{slug}.{language}.svg"
                )
                for language in WORDS
            }
            seed_ranges = ranges(seeds(execution, slug))
            figures[slug] = Receipt(slug, plotted, _digest(plotted), drawings, seed_ranges)
    return Receipts(fingerprint(), figures, printed)


def read(layout: Layout) -> Receipts:
    """The accepted receipts; none where there is no folder of them.

    Raises
    ------
    PressError
        For receipts that are damaged, or whose data are not those of their digests.
    """
    safe_files.recover(layout.receipts)
    path = layout.receipts / TABLE
    if not layout.receipts.exists():
        return Receipts({}, {})
    try:
        receipts = json.loads(path.read_text(encoding="utf-8"))
        environment, rows = dict(receipts["environment"]), sorted(receipts["figures"].items())
        figures = {slug: _receipt(layout.receipts, slug, row) for slug, row in rows}
        printed = {cell: "\n".join(lines) for cell, lines in receipts["printed"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise PressError(
            "the receipts cannot be read", path=path, mend=MEND, detail=detail
        ) from None
    return Receipts(environment, figures, printed)


def write(
    layout: Layout,
    receipts: Receipts,
    changed: Collection[str],
    picture: Callable[[str], bytes],
) -> None:
    """Put ``receipts`` in the place of the accepted ones: all of them, or none.

    Only for slugs in ``changed`` data and ``picture`` are written; the others keep their files.

    Raises
    ------
    PressError
        If the folder of the receipts cannot be written.
    """
    with chapter_cache.partial(layout.root / "build") as work:
        new = work / "receipts"
        new.mkdir()
        for slug, receipt in receipts.figures.items():
            data, image = f"{slug}.npz", f"{slug}.png"
            if slug in changed:
                (new / image).write_bytes(picture(slug))
                if receipt.digest:
                    (new / data).write_bytes(_packed(receipt.plotted))
                continue
            for name in (image, *[data] * bool(receipt.digest)):
                (new / name).write_bytes((layout.receipts / name).read_bytes())
        document = {
            "environment": dict(receipts.environment),
            "figures": {slug: _row(receipt) for slug, receipt in receipts.figures.items()},
            "printed": {cell: text.split("\n") for cell, text in receipts.printed.items()},
        }
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
        (new / TABLE).write_text(text + "\n", encoding="utf-8", newline="\n")
        safe_files.replace(layout.receipts, new)


def _row(receipt: Receipt) -> dict[str, Any]:
    return {
        "data": receipt.digest,
        "drawings": dict(receipt.drawings),
        "kind": receipt.plotted.kind,
        # The kind and the number of values of every series, panel by panel.
        "panels": [
            ", ".join(f"{one.kind} {_size(one)}" for one in panel.series)
            for panel in receipt.plotted.panels
        ],
        "seeds": receipt.seeds,
    }


def _size(series: Series) -> str:
    rows = f"{len(series.y)}×" if series.kind == "image" else ""
    return f"{rows}{len(series.x)}"


def _receipt(folder: Path, slug: str, entry: Mapping[str, Any]) -> Receipt:
    if not (folder / f"{slug}.png").is_file():
        raise FileNotFoundError(f"{slug}.png")
    kinds = [[one.split()[0] for one in panel.split(",") if one] for panel in entry["panels"]]
    plotted = Plotted(entry["kind"], ())
    if kinds:
        plotted = _unpacked(folder / f"{slug}.npz", entry["kind"], kinds)
    if (digest := _digest(plotted)) != entry["data"]:
        raise PressError(
            f"the data of {slug!r} are not those that the receipts name: their digest is "
            f"{digest[:12]}…, not {entry['data'][:12]}…",
            path=folder / f"{slug}.npz",
            mend=MEND,
        )
    return Receipt(slug, plotted, digest, dict(entry["drawings"]), entry["seeds"])


def _digest(plotted: Plotted) -> str:
    return data_tables.digest(plotted) if plotted.panels else ""


def _packed(plotted: Plotted) -> bytes:
    """All arrays of ``plotted``, compressed, as members ``<panel>-<series>-<part>`` in order."""
    arrays = {
        f"{number}-{index}-{part}": _array(getattr(one, part))
        for number, panel in enumerate(plotted.panels)
        for index, one in enumerate(panel.series)
        for part in PARTS
        if getattr(one, part)
    }
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def _unpacked(path: Path, kind: str, kinds: list[list[str]]) -> Plotted:
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            panels = [
                [
                    Series(name, "", *(_places(arrays, f"{number}-{index}-{p}") for p in PARTS))
                    for index, name in enumerate(names)
                ]
                for number, names in enumerate(kinds)
            ]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise PressError(
            "these data cannot be read", path=path, mend=MEND, detail=str(error)
        ) from None
    return Plotted(kind, tuple(Panel("", "", "", "", "", tuple(panel)) for panel in panels))


def _array(values: tuple[Any, ...]) -> np.ndarray:
    """``values`` in the smallest type that gives back every one of them."""
    if any(isinstance(value, str) for value in values):
        if not all(isinstance(value, str) for value in values):
            raise TypeError("a series mixes categories with numbers")
        return np.array(values, dtype=str)
    array = np.array(values, dtype=float)
    with np.errstate(over="ignore"):
        single = array.astype(np.float32)
    exact = np.array_equal(_decimal(single), array, equal_nan=True)
    return single if exact else array


def _places(arrays: Mapping[str, np.ndarray], name: str) -> tuple[Any, ...]:
    if name not in arrays:
        return ()
    array = arrays[name]
    if array.dtype.kind == "U":
        return tuple(map(str, array))
    if array.dtype == np.float32:
        array = _decimal(array)
    return _nested(array.tolist())


def _nested(values: list[Any]) -> tuple[Place | tuple[float, ...], ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


def _decimal(single: np.ndarray) -> np.ndarray:
    """Each float32 as the number that its shortest decimals name, which is how data are read."""
    return single.astype(str).astype(float)
