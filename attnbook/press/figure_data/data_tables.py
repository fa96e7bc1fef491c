"""The data behind a figure: as a table, as CSV, as a digest, and in sentences."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterator

from ..words.load import WORDS
from .claims import Claim, claims
from .long_description import describe, rounded, say
from .plotted_series import Panel, Place, Plotted, Series

__all__ = [
    "Claim",
    "Panel",
    "Plotted",
    "Series",
    "as_csv",
    "as_table",
    "claims",
    "describe",
    "digest",
    "say",
]

SIGNIFICANT = 6

Row = tuple[Place, ...]


def as_csv(plotted: Plotted, language: str) -> str:
    """All numbers of ``plotted``, one row each: panel (if several), series, x, y and value.

    ``language`` is that of its texts. Numbers are written so that reading them gives them back, a
    missing one is empty. A diagram has no rows.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_header(plotted, language))
    for panel, series in _all(plotted):
        for row in _rows(plotted, panel, series):
            writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def as_table(
    plotted: Plotted, language: str, rows: int = 8
) -> tuple[list[str], list[list[str]], int]:
    """Header, about ``rows`` rows spread evenly over every series, and how many there are in all.

    Numbers are rounded, to be read.
    """
    everything = [list(_rows(plotted, panel, series)) for panel, series in _all(plotted)]
    everything = [one for one in everything if one]
    sample: list[list[str]] = []
    for index, one in enumerate(everything):
        # The first series get the rows that do not divide evenly.
        share = rows // len(everything) + (index < rows % len(everything))
        for row in _even(one, max(1, share)):
            sample.append([_read(value) for value in row])
    return _header(plotted, language), sample, sum(map(len, everything))


def digest(plotted: Plotted) -> str:
    """The SHA-256 of the numbers of ``plotted``, each rounded to 6 significant digits.

    Texts are no part of it, but the categories of bars.
    """
    panels = [
        [
            [
                series.kind,
                [_canonical(place) for place in series.x],
                [_canonical(place) for place in series.y],
                [[_canonical(value) for value in row] for row in series.values],
            ]
            for series in panel.series
        ]
        for panel in plotted.panels
    ]
    text = json.dumps([plotted.kind, panels], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Place) -> str:
    if isinstance(value, str):
        return f"={value}"
    if not math.isfinite(value):
        return "nan"
    return f"{value + 0.0:.{SIGNIFICANT - 1}e}"  # adding zero makes −0 one


def _all(plotted: Plotted) -> Iterator[tuple[int, Series]]:
    for number, panel in enumerate(plotted.panels):
        for series in panel.series:
            yield number, series


def _header(plotted: Plotted, language: str) -> list[str]:
    words = WORDS[language].data

    def one(texts: set[str], otherwise: str) -> str:
        return (texts.pop() if len(texts) == 1 else "") or otherwise

    x = one({panel.xlabel for panel in plotted.panels}, "x")
    y = one({panel.ylabel for panel in plotted.panels}, "y")
    header = [words.series, x, y]
    if len(plotted.panels) > 1:
        header.insert(0, words.panel)
    images = {series.label for _, series in _all(plotted) if series.kind == "image"}
    if images:
        header.append(one(images, words.value))
    if len(set(header)) < len(header):  # columns must be told apart
        start = len(plotted.panels) > 1
        header[start + 1 : start + 3] = "x", "y"
    return header


def _rows(plotted: Plotted, number: int, series: Series) -> Iterator[Row]:
    panel = plotted.panels[number]
    start: Row = (series.label,)
    if len(plotted.panels) > 1:
        start = (panel.title or str(number + 1), *start)
    if series.kind == "image":
        for y, row in zip(series.y, series.values, strict=True):
            for x, value in zip(series.x, row, strict=True):
                yield (*start, x, y, value)
        return
    mixed = any(other.kind == "image" for _, other in _all(plotted))
    for x, y in zip(series.x, series.y, strict=True):
        yield (*start, x, y, *([math.nan] if mixed else []))


def _cell(value: Place) -> str:
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return ""
    text = repr(value)
    return text.removesuffix(".0")


def _read(value: Place) -> str:
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return "—"
    # Digits after many zeros are for no eye.
    return f"{value:.3e}" if 0 < abs(value) < 1e-6 else rounded(value, 4)


def _even(rows: list[Row], count: int) -> list[Row]:
    """``count`` of ``rows``, the first and the last among them."""
    if count >= len(rows):
        return rows
    if count == 1:
        return rows[:1]
    return [rows[round(index * (len(rows) - 1) / (count - 1))] for index in range(count)]
