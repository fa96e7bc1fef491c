"""True statements about a figure, computed from the numbers it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from .plotted_series import Panel, Place, Plotted, Series

MOST = 6
ONE = 1e-5
"""How far a sum of float32 weights may be from 1."""
REFERENCE = "truth"
"""The line that, by convention of the book, the others of a panel are to follow."""


@dataclass(frozen=True)
class Claim:
    """A statement of ``kind`` about series number ``series`` of panel number ``panel``, from 0.

    ``numbers`` are what it states, by name, exact; a category is a string. ``title`` is None where
    the figure has one panel only. The kinds:

    - ``constant``, ``range``: of a line, from x ``first`` to ``last``; y is ``value``, or lies
      between ``low`` and ``high``
    - ``level``, ``upright``: of a straight line, which stands at ``value``
    - ``rises``, ``falls``: at every step, from y ``first`` to ``last``
    - ``maximum``, ``minimum``: y ``value`` at x ``at``, not at an end of the line
    - ``distance``: from the line ``other`` with the same x; ``largest`` at x ``at``
    - ``point``: a single point at ``x``, ``y``; ``points``: ``count`` of them in ``left``,
      ``right``, ``low``, ``high``
    - ``bars``: the ``largest`` and ``smallest`` category and their values; ``total``: the bars add
      up to 1
    - ``image``: ``rows``, ``columns``, ``low``, ``high``; ``gaps``: ``count`` values are missing
    - ``peak``: the largest ``value``, in the row at ``y`` and the column at ``x``; ``spot``: where
      it stands in shares of the picture, from ``left`` and ``top``; ``peaks``: it stands in
      ``count`` cells
    - ``rows``: every row adds up to 1; ``row peaks``: the largest value of every row lies between
      ``low`` and ``high``; ``diagonal``: and where it stands, x and y differ by at most ``largest``
    """

    kind: str
    panel: int
    series: int
    label: str
    title: str | None
    xlabel: str
    ylabel: str
    numbers: tuple[tuple[str, Place], ...]

    def __getitem__(self, name: str) -> Place:
        return dict(self.numbers)[name]

    def number(self, name: str) -> float:
        """The number ``name``, which must not be a category."""
        return float(self[name])


Found = tuple[str, Mapping[str, Place]]


def claims(plotted: Plotted, most: int = MOST) -> list[Claim]:
    """What can be said of ``plotted``: at most ``most`` claims, the telling ones first.

    Every series has its say before any has a second one.
    """
    queues: list[list[Claim]] = []
    for number, panel in enumerate(plotted.panels):
        title = panel.title if len(plotted.panels) > 1 else None
        for place in _order(panel):
            texts = panel.series[place].label, title, panel.xlabel, panel.ylabel
            queues.append(
                [
                    Claim(kind, number, place, *texts, tuple(values.items()))
                    for kind, values in _about(panel, place)
                ]
            )
    kept = [0] * len(queues)
    for turn in range(max(map(len, queues), default=0)):
        for index, queue in enumerate(queues):
            if sum(kept) < most and turn < len(queue):
                kept[index] += 1
    return [claim for queue, count in zip(queues, kept, strict=True) for claim in queue[:count]]


def _order(panel: Panel) -> list[int]:
    """Lines before points; what others are compared with comes after them."""
    reference = _reference(panel)

    def rank(index: int) -> tuple[bool, bool]:
        series = panel.series[index]
        return series.kind == "points" and len(series.x) > 1, index == reference

    return sorted(range(len(panel.series)), key=rank)


def _reference(panel: Panel) -> int | None:
    """The first line, if others share its x and it has a name."""
    lines = [index for index, one in enumerate(panel.series) if one.kind == "line"]
    if not lines or panel.series[lines[0]].label != REFERENCE:
        return None
    first = panel.series[lines[0]]
    others = any(panel.series[index].x == first.x for index in lines[1:])
    return lines[0] if others else None


def _about(panel: Panel, place: int) -> Iterator[Found]:
    series = panel.series[place]
    if series.kind == "image":
        yield from _image(panel, series)
    elif series.kind == "bars":
        yield from _bars(series)
    else:
        x, y = np.array(series.x, dtype=float), np.array(series.y, dtype=float)
        present = np.isfinite(x) & np.isfinite(y)
        if not present.any():
            return
        if series.kind == "points":
            yield from _points(x[present], y[present])
            return
        reference = _reference(panel)
        if reference not in (None, place) and panel.series[reference].x == series.x:
            yield from _distance(x, y, panel.series[reference])
        if present.all():
            yield from _line(x, y)
        else:
            yield "gaps", {"count": float((~present).sum())}
            yield from _range(x[present], y[present])


def _distance(x: np.ndarray, y: np.ndarray, other: Series) -> Iterator[Found]:
    apart = np.abs(y - np.array(other.y, dtype=float))
    if np.isfinite(apart).any():
        where = int(np.nanargmax(apart))
        yield (
            "distance",
            {"other": other.label, "largest": float(apart[where]), "at": float(x[where])},
        )


def _line(x: np.ndarray, y: np.ndarray) -> Iterator[Found]:
    if len(x) == 2 and x[0] == x[1]:
        yield "upright", {"value": float(x[0])}
        return
    if len(x) == 2 and y[0] == y[1]:
        yield "level", {"value": float(y[0])}
        return
    if np.ptp(y) <= 1e-6 * np.abs(y).max():  # as constant as float32 can tell
        ends = {"first": float(x.min()), "last": float(x.max())}
        yield "constant", {**ends, "value": float(np.median(y))}
        return
    steps = np.diff(y) * np.where(np.diff(x) < 0, -1.0, 1.0)
    ordered = bool((np.diff(x) > 0).all() or (np.diff(x) < 0).all())
    order = np.argsort(x, kind="stable")
    ends = {"first": float(y[order[0]]), "last": float(y[order[-1]])}
    if ordered and (steps > 0).all():
        yield "rises", ends
    elif ordered and (steps < 0).all():
        yield "falls", ends
    elif ordered:
        for name, where in (("maximum", int(y.argmax())), ("minimum", int(y.argmin()))):
            alone = int((y == y[where]).sum()) == 1
            if 0 < where < len(y) - 1 and alone:
                yield name, {"value": float(y[where]), "at": float(x[where])}
    yield from _range(x, y)


def _range(x: np.ndarray, y: np.ndarray) -> Iterator[Found]:
    yield (
        "range",
        {
            "first": float(x.min()),
            "last": float(x.max()),
            "low": float(y.min()),
            "high": float(y.max()),
        },
    )


def _points(x: np.ndarray, y: np.ndarray) -> Iterator[Found]:
    if len(x) == 1:
        yield "point", {"x": float(x[0]), "y": float(y[0])}
        return
    yield (
        "points",
        {
            "count": float(len(x)),
            "left": float(x.min()),
            "right": float(x.max()),
            "low": float(y.min()),
            "high": float(y.max()),
        },
    )


def _bars(series: Series) -> Iterator[Found]:
    names, lengths = series.x, series.y
    if any(isinstance(place, str) for place in series.y):
        names, lengths = lengths, names
    values = np.array(lengths, dtype=float)
    if not len(values) or not np.isfinite(values).all():
        return
    large, small = int(values.argmax()), int(values.argmin())
    if (values == values[large]).sum() == 1 and (values == values[small]).sum() == 1 != len(values):
        yield (
            "bars",
            {
                "largest": names[large],
                "high": float(values[large]),
                "smallest": names[small],
                "low": float(values[small]),
            },
        )
    if (values >= 0).all() and abs(values.sum() - 1) <= ONE:
        yield "total", {"total": 1.0}


def _image(panel: Panel, series: Series) -> Iterator[Found]:
    values = np.array(series.values, dtype=float)
    x, y = np.array(series.x, dtype=float), np.array(series.y, dtype=float)
    finite = np.isfinite(values)
    if not finite.any():
        return
    high = float(values[finite].max())
    rows, columns = np.nonzero(values == high)
    whole = bool(finite.all())
    weights = whole and (values >= 0).all() and (np.abs(values.sum(axis=1) - 1) <= ONE).all()
    if weights:
        # Ties count too: the claim holds for every one of the largest values of a row.
        peaks = values == values.max(axis=1, keepdims=True)
        apart = float(np.abs(x[None, :] - y[:, None])[peaks].max())
        if apart <= 0.25 * np.ptp(np.concatenate([x, y])):
            yield "diagonal", {"largest": apart}
    if len(rows) > 1:
        yield "peaks", {"value": high, "count": float(len(rows))}
    elif panel.xlabel and panel.ylabel:
        row, column = rows[0], columns[0]
        yield "peak", {"value": high, "x": float(x[column]), "y": float(y[row])}
    else:
        yield (
            "spot",
            {
                "value": high,
                "left": float((columns[0] + 0.5) / values.shape[1]),
                "top": float((rows[0] + 0.5) / values.shape[0]),
            },
        )
    if weights:
        tops = values.max(axis=1)
        if np.ptp(tops) > 0:
            yield "row peaks", {"low": float(tops.min()), "high": float(tops.max())}
        yield "rows", {"total": 1.0}
    yield (
        "image",
        {
            "rows": float(values.shape[0]),
            "columns": float(values.shape[1]),
            "low": float(values[finite].min()),
            "high": high,
        },
    )
    if not whole:
        yield "gaps", {"count": float((~finite).sum())}
