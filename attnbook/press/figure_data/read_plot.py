"""The data behind a figure, read from the Matplotlib figure itself.

Runs inside the kernel that drew it, before it is published: texts are as the code writes them. What
comes out is plain JSON: see ``series`` for its form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colorbar import Colorbar
from matplotlib.container import BarContainer
from matplotlib.figure import Figure as Drawing
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator

Json = dict[str, Any]


def extract(figure: Drawing) -> Json:
    """What ``figure`` shows, by panels and series.

    Lines, points, bars and images of numbers are data. Where an axes has no axis shown, only an
    image of numbers is: the rest is a picture. Axes without data are no panel. Rows of an image go
    from top to bottom and columns from left to right, as they are seen. A label that starts with
    ``_`` is none.

    Examples
    --------
    >>> figure = Drawing()
    >>> line = figure.subplots().plot([0, 1], [2, 3], label="truth")
    >>> extract(figure)["panels"][0]["series"]
    [{'kind': 'line', 'label': 'truth', 'x': [0.0, 1.0], 'y': [2.0, 3.0]}]
    """
    bars = [
        artist.colorbar
        for ax in figure.axes
        for artist in (*ax.collections, *ax.images)
        if isinstance(artist, ScalarMappable) and artist.colorbar is not None
    ]
    scales = {id(bar.ax) for bar in bars}
    panels: list[Json] = []
    is_plot = False
    for ax in figure.axes:
        if id(ax) in scales or not ax.get_visible():
            continue
        series = [*_images(ax, bars)]
        if ax.axison:
            series = [*_lines(ax), *_points(ax), *_bars(ax), *series]
            is_plot = is_plot or bool(series)
        if not series:
            continue
        panels.append(
            {
                "title": ax.get_title(),
                "xlabel": _axis_label(ax, "x"),
                "ylabel": _axis_label(ax, "y"),
                "xscale": ax.get_xscale(),
                "yscale": ax.get_yscale(),
                "series": series,
            }
        )
    kind = "plot" if is_plot else "diagram"
    if any(one["kind"] == "image" for panel in panels for one in panel["series"]):
        kind = "heat map"
    return {"kind": kind, "panels": panels}


def texts(plotted: Json) -> Iterator[str]:
    """All texts in what `extract` returns, with the categories of bars."""
    for panel in plotted["panels"]:
        yield from (panel["title"], panel["xlabel"], panel["ylabel"])
        for series in panel["series"]:
            yield series["label"]
            yield from (place for axis in "xy" for place in series[axis] if isinstance(place, str))


def _axis_label(ax: Axes, which: str) -> str:
    """The label of an axis, or the one of the axes it is shared with."""
    label = str(getattr(ax, f"get_{which}label")())
    if label or not ax.axison:
        return label
    shared = getattr(ax, f"get_shared_{which}_axes")().get_siblings(ax)
    labels = {str(getattr(other, f"get_{which}label")()) for other in shared} - {""}
    return labels.pop() if len(labels) == 1 else ""


def _lines(ax: Axes) -> Iterator[Json]:
    for line in ax.lines:
        if not isinstance(line, Line2D) or not line.get_visible():
            continue
        x, y = (_floats(line.get_xdata(orig=False)), _floats(line.get_ydata(orig=False)))
        label, transform = _label(line), line.get_transform()
        # A line across the whole panel: one of its coordinates is a share of the axis.
        if transform == ax.get_xaxis_transform(which="grid"):
            y = _limits(ax.get_ylim())
        elif transform == ax.get_yaxis_transform(which="grid"):
            x = _limits(ax.get_xlim())
        elif transform != ax.transData:
            continue
        if transform != ax.transData and (not label or len(x) != len(y)):
            continue  # it only guides the eye
        if line.get_linestyle() in {"None", "none", " ", ""}:
            if line.get_marker() in {"None", "none", " ", "", None}:
                continue
            kind = "points"
        else:
            kind = "line"
        yield {"kind": kind, "label": label, "x": _numbers(x), "y": _numbers(y)}


def _points(ax: Axes) -> Iterator[Json]:
    for cloud in ax.collections:
        if isinstance(cloud, PathCollection) and cloud.get_visible():
            x, y = _floats(cloud.get_offsets()).reshape(-1, 2).T
            yield {"kind": "points", "label": _label(cloud), "x": _numbers(x), "y": _numbers(y)}


def _bars(ax: Axes) -> Iterator[Json]:
    for bars in ax.containers:
        if not isinstance(bars, BarContainer):
            continue
        across = bars.orientation == "horizontal"
        middles, lengths = [], []
        for bar in bars.patches:
            corner, size = (bar.get_x(), bar.get_y()), (bar.get_width(), bar.get_height())
            middles.append(corner[across] + size[across] / 2)
            lengths.append(size[not across])
        places = _categories(ax.yaxis if across else ax.xaxis, np.array(middles))
        values = _numbers(np.array(lengths, dtype=float))
        x, y = (values, places) if across else (places, values)
        yield {"kind": "bars", "label": _label(bars), "x": x, "y": y}


def _categories(axis: Axis, middles: np.ndarray) -> list[Any]:
    """What the ticks call the bars at ``middles``; where they do not, the positions."""
    locator = axis.get_major_locator()
    if isinstance(locator, FixedLocator) or type(locator).__name__ == "StrCategoryLocator":
        ticks = np.asarray(axis.get_majorticklocs(), dtype=float)
        names = [str(name) for name in axis.get_major_formatter().format_ticks(list(ticks))]
        if len(ticks) and not all(map(_numeric, names)):
            nearest = np.abs(ticks[None, :] - middles[:, None]).argmin(axis=1)
            categories = [names[index] for index in nearest]
            if all(categories) and len(set(categories)) == len(categories):
                return categories
    return _numbers(middles)


def _numeric(text: str) -> bool:
    try:
        float(text.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return False
    return True


def _images(ax: Axes, bars: list[Colorbar]) -> Iterator[Json]:
    for artist in (*ax.images, *ax.collections):
        if not isinstance(artist, (AxesImage, QuadMesh)) or not artist.get_visible():
            continue
        array = artist.get_array()
        if array is None:
            continue
        values = _floats(array)
        if isinstance(artist, QuadMesh):
            corners = np.asarray(artist.get_coordinates(), dtype=float)
            columns, rows = corners[0, :, 0], corners[:, 0, 1]
            if values.size != (len(rows) - 1) * (len(columns) - 1):
                continue  # shaded between corners
            values = values.reshape(len(rows) - 1, len(columns) - 1)
            if (corners[..., 0] != columns).any() or (corners[..., 1] != rows[:, None]).any():
                continue  # not a grid of rows and columns
        else:
            if values.ndim != 2:  # colours, not numbers
                continue
            left, right, bottom, top = artist.get_extent()
            if artist.origin == "upper":
                bottom, top = top, bottom
            columns = np.linspace(left, right, values.shape[1] + 1)
            rows = np.linspace(bottom, top, values.shape[0] + 1)
        x, y = _positions(columns), _positions(rows)
        if (x[-1] < x[0]) != bool(ax.xaxis_inverted()):
            x, values = x[::-1], values[:, ::-1]
        if (y[-1] > y[0]) != bool(ax.yaxis_inverted()):
            y, values = y[::-1], values[::-1]
        yield {
            "kind": "image",
            "label": _scale_label(artist, bars),
            "x": _numbers(x),
            "y": _numbers(y),
            "values": [_numbers(row) for row in _single(values)],
        }


def _scale_label(artist: ScalarMappable, bars: list[Colorbar]) -> str:
    """What the colours of ``artist`` stand for: its colour bar's label, or the only one's."""
    bar = artist.colorbar or (bars[0] if len(bars) == 1 else None)
    return str(bar.ax.get_ylabel() or bar.ax.get_xlabel()) if bar is not None else ""


def _positions(edges: np.ndarray) -> np.ndarray:
    """Where the cells between ``edges`` stand.

    If there are positions whose cells meet half-way between them and reach as far beyond the first
    and last, those; else the centres.
    """
    centres = (edges[:-1] + edges[1:]) / 2
    places = centres.copy()
    for index in range(1, len(places)):
        places[index] = 2 * edges[index] - places[index - 1]
    slack = 1e-9 * np.abs(edges).max(initial=0.0)
    inside = (places > np.minimum(edges[:-1], edges[1:])) & (
        places < np.maximum(edges[:-1], edges[1:])
    )
    if abs(places[-1] - centres[-1]) > slack or not inside.all():
        places = centres
    # The edges were computed, so the last digits are not the author's.
    single = places.astype(np.float32)
    if (np.abs(single - places) <= slack * 1e-3).all():
        return single.astype(float)
    return np.array([float(f"{place:.12g}") for place in places])


def _label(artist: Any) -> str:
    label = str(artist.get_label() or "")
    return "" if label.startswith("_") else label


def _limits(limits: tuple[float, float]) -> np.ndarray:
    """The ends of an axis, without the digits that depend on the machine."""
    return np.array([float(f"{limit:.6g}") for limit in limits])


def _floats(data: Any) -> np.ndarray:
    """``data`` with NaN where it is masked."""
    return np.ma.filled(np.ma.asarray(data).astype(float), np.nan)


def _single(values: np.ndarray) -> np.ndarray:
    """``values`` as float32 if that loses nothing: they were, and have shorter decimals then."""
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    finite = np.isfinite(values)
    return single if (single[finite] == values[finite]).all() else values


def _numbers(values: np.ndarray) -> list[float | None]:
    """Shortest decimals that give the numbers back; what is not finite is None."""
    return [float(str(value)) if np.isfinite(value) else None for value in _single(values)]
