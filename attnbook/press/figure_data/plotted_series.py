"""What a figure shows, as numbers: read from the JSON that ``extract`` writes beside it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

Place = float | str
"""A number, or the category of a bar."""


@dataclass(frozen=True)
class Series:
    """A line, points, bars or an image.

    ``kind`` is one of ``line``, ``points``, ``bars`` and ``image``. Of an image, ``x`` and ``y``
    are where columns and rows stand, and ``values`` its rows from top to bottom; a missing value is
    NaN. Of bars, ``x`` or ``y`` may be categories.
    """

    kind: str
    label: str
    x: tuple[Place, ...]
    y: tuple[Place, ...]
    values: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True)
class Panel:
    """One pair of axes; texts are as the chapter writes them."""

    title: str
    xlabel: str
    ylabel: str
    xscale: str
    yscale: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Plotted:
    """All a figure shows; ``kind`` is ``plot``, ``heat map`` or ``diagram``."""

    kind: str
    panels: tuple[Panel, ...]

    @classmethod
    def load(cls, path: Path) -> Plotted:
        """Read ``plotted/<slug>.json``."""
        return cls.of(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Plotted:
        """From what `attnbook.press.figure_data.read_plot.extract` returns."""
        return cls(data["kind"], tuple(_panel(panel) for panel in data["panels"]))

    def translated(self, translate: Callable[[str], str]) -> Plotted:
        """The same with every text translated: titles, labels and the categories of bars."""

        def places(values: tuple[Place, ...]) -> tuple[Place, ...]:
            return tuple(translate(one) if isinstance(one, str) else one for one in values)

        panels = tuple(
            replace(
                panel,
                title=translate(panel.title),
                xlabel=translate(panel.xlabel),
                ylabel=translate(panel.ylabel),
                series=tuple(
                    replace(one, label=translate(one.label), x=places(one.x), y=places(one.y))
                    for one in panel.series
                ),
            )
            for panel in self.panels
        )
        return replace(self, panels=panels)


def _panel(data: Mapping[str, Any]) -> Panel:
    series = tuple(
        Series(
            one["kind"],
            one["label"],
            tuple(map(_place, one["x"])),
            tuple(map(_place, one["y"])),
            tuple(tuple(map(_number, row)) for row in one.get("values", ())),
        )
        for one in data["series"]
    )
    texts = {name: data[name] for name in ("title", "xlabel", "ylabel", "xscale", "yscale")}
    return Panel(**texts, series=series)


def _place(value: float | int | str | None) -> Place:
    return value if isinstance(value, str) else _number(value)


def _number(value: float | int | None) -> float:
    return math.nan if value is None else float(value)
