"""Comparison of figures and printed texts with their receipts: what differs, and by how much."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..base.environment import differing
from ..figure_data.plotted_series import Panel, Plotted, Series
from .figure_receipts import Receipt, Receipts
from .printed_texts import difference

# How much a number may differ, as a part of the largest magnitude in its series: half a pixel in a
# drawing of 500, which nobody sees. In float32, sums taken in another order end in other digits:
# executed by the routines for processors without AVX2, the figures came out within 5e-5 of the
# receipts; the map of saliency, in which rounding decides which places count as peaks, within 5e-4.
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Deviation:
    """The largest difference of a series from its receipt, relative to its largest magnitude."""

    relative: float
    where: str


SAME = Deviation(0.0, "")


@dataclass(frozen=True)
class Comparison:
    """A figure against its receipt.

    ``has_receipt`` and ``drawn`` tell whether there are a receipt and a figure. ``shape`` says
    what else than numbers differs in the data, ``drawings`` the languages in which the drawing has
    other bytes, ``seeds`` how those differ; all are empty where nothing does.
    """

    slug: str
    has_receipt: bool = True
    drawn: bool = True
    data: bool = True
    shape: str = ""
    deviation: Deviation = SAME
    drawings: tuple[str, ...] = ()
    seeds: str = ""

    @property
    def within(self) -> bool:
        """Whether the data are those of the receipt, within the tolerance."""
        return not self.shape and self.deviation.relative <= TOLERANCE

    @property
    def same(self) -> bool:
        """Whether nothing at all has changed."""
        is_there = self.has_receipt and self.drawn
        return is_there and self == Comparison(self.slug, data=self.data)

    def holds(self, comparable: bool) -> bool:
        """Whether the receipt holds; bytes count only in a ``comparable`` environment."""
        is_same = self.has_receipt and self.drawn and self.within and not self.seeds
        return is_same and not (comparable and self.drawings)


@dataclass(frozen=True)
class Report:
    """All figures against their receipts; ``environment`` names in what the two differ.

    ``printed`` says of every cell, by ``<chapter>#<label>``, what differs in what it prints; empty
    where nothing does. ``printed_anew`` names those that print other characters at all.
    """

    figures: tuple[Comparison, ...]
    environment: tuple[str, ...]
    printed: Mapping[str, str] = field(default_factory=dict)
    printed_anew: tuple[str, ...] = ()

    @property
    def comparable(self) -> bool:
        return not self.environment

    @property
    def failing(self) -> list[Comparison]:
        return [one for one in self.figures if not one.holds(self.comparable)]

    @property
    def misprinting(self) -> dict[str, str]:
        """What differs, by cell, in what is printed."""
        return {cell: what for cell, what in self.printed.items() if what}


def compare(accepted: Receipts, current: Receipts) -> Report:
    """Compare figures and texts of both; those of ``current`` come first, in its order."""
    expected, drawn = accepted.figures, current.figures
    slugs = [*drawn, *(slug for slug in expected if slug not in drawn)]
    old, new = accepted.printed, current.printed
    environment = tuple(differing(accepted.environment, current.environment))
    tolerance = TOLERANCE if environment else 0.0
    return Report(
        tuple(_figure(slug, expected.get(slug), drawn.get(slug)) for slug in slugs),
        environment,
        {cell: _printed(old.get(cell), new.get(cell), tolerance) for cell in {**new, **old}},
        tuple(cell for cell in {**new, **old} if old.get(cell) != new.get(cell)),
    )


def _printed(old: str | None, new: str | None, tolerance: float) -> str:
    if old is None:
        return "there is no receipt of what it prints"
    if new is None:
        return "it prints no more"
    return difference(old, new, tolerance)


def _figure(slug: str, old: Receipt | None, new: Receipt | None) -> Comparison:
    if old is None or new is None:
        return Comparison(slug, has_receipt=old is not None, drawn=new is not None)
    shape, deviation = data(old.plotted, new.plotted)
    return Comparison(
        slug,
        data=bool(new.plotted.panels),
        shape=shape,
        deviation=deviation,
        drawings=_differing(old.drawings, new.drawings),
        seeds=""
        if old.seeds == new.seeds
        else f"seeds were {old.seeds or 'none'}, are {new.seeds or 'none'}",
    )


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """The languages, in the order of the book, whose digests differ."""
    return tuple(code for code in {**new, **old} if old.get(code) != new.get(code))


def data(old: Plotted, new: Plotted) -> tuple[str, Deviation]:
    """What else than numbers differs, or else the largest difference of a number."""
    if old.kind != new.kind:
        return f"the figure is a {new.kind}, was a {old.kind}", SAME
    if len(old.panels) != len(new.panels):
        return f"{_count(len(new.panels), 'panel')}, were {len(old.panels)}", SAME
    verdicts = [SAME]
    for number, (before, after) in enumerate(zip(old.panels, new.panels, strict=True), 1):
        place = f" of panel {number}" if len(new.panels) > 1 else ""
        shape = _shape(before, after, place)
        if shape:
            return shape, SAME
        for index, pair in enumerate(zip(before.series, after.series, strict=True), 1):
            for part, one, two in _numbers(*pair):
                name = f"{part} of {_name(pair[1], index)}{place}"
                if (np.isnan(one) != np.isnan(two)).any():
                    return f"{name}: values are missing in other places", SAME
                verdicts.append(_deviation(one, two, name))
    return "", max(verdicts, key=lambda deviation: deviation.relative)


def _shape(old: Panel, new: Panel, place: str) -> str:
    """How the series of two panels differ in kind, number or categories."""
    before, after = ([one.kind for one in panel.series] for panel in (old, new))
    if before != after:
        return f"the series{place} are {', '.join(after)}; were {', '.join(before)}"
    for index, (one, two) in enumerate(zip(old.series, new.series, strict=True), 1):
        name = f"{_name(two, index)}{place}"
        if _size(one) != _size(two):
            return f"{name} has {_size(two)} values, had {_size(one)}"
        for part in ("x", "y"):
            if _texts(getattr(one, part)) != _texts(getattr(two, part)):
                return f"{name} has other categories"
    return ""


def _size(series: Series) -> str:
    return f"{len(series.y)} × {len(series.x)}" if series.kind == "image" else f"{len(series.x)}"


def _texts(places: tuple[float | str, ...]) -> list[str | None]:
    return [place if isinstance(place, str) else None for place in places]


def _numbers(old: Series, new: Series) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    for part in ("x", "y", "values"):
        one, two = getattr(old, part), getattr(new, part)
        if two and not isinstance(two[0], str):
            yield part, np.array(one, dtype=float), np.array(two, dtype=float)


def _deviation(old: np.ndarray, new: np.ndarray, name: str) -> Deviation:
    """The largest difference of ``old`` and ``new``, which miss the same values."""
    apart = np.nan_to_num(np.abs(new - old))
    if not apart.any():
        return SAME
    # A series of zeros has no magnitude to relate a difference to.
    scale = max(float(np.nanmax(np.abs(old))), 0.0) or float(np.nanmax(np.abs(new)))
    place = np.unravel_index(int(apart.argmax()), apart.shape)
    where = f"{name} [{', '.join(str(int(n) + 1) for n in place)}]"
    relative = float(apart.max()) / scale
    description = f"{where} was {old[place]:.7g}, is {new[place]:.7g}"
    return Deviation(relative if math.isfinite(relative) else math.inf, description)


def _name(series: Series, index: int) -> str:
    label = f" {series.label!r}" if series.label else ""
    return f"{series.kind} {index}{label}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
