"""Five objects on a table, drawn with Matplotlib: the scene of section 10.1.1.

The camera looks down at the table at an angle. Whatever lies flat is drawn in its own plane, then
turned, foreshortened and put in place; what stands up is built from the same projection. Only
filled shapes in table units are used, so that the scene looks the same at every size.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from attnbook import fonts
from attnbook.shapes import Float, Tensor

fonts.register()

WIDTH, HEIGHT = 10.0, 7.5  # of the table, in table units
PIXELS_PER_UNIT = 64
RED = "#d0261c"
COFFEE = "#5e342b"

LUMINANCE = (0.2126, 0.7152, 0.0722)  # how much red, green and blue light count (sRGB)

# Camera: how much of a length into the table, and of a height above it, is seen on the picture.
_DEPTH, _RISE = 0.8, 0.6

_INK, _GREY, _PALE, _SHEET = "#282828", "#8f8f8f", "#cccccc", "#fbfbfb"

Colour = str | tuple[float, float, float]
Number = float | int
Point = tuple[Number, Number]


def _mix(colour: Colour, other: Colour, share: Number) -> tuple[float, float, float]:
    """Return colour with the given share of another in it."""
    a, b = to_rgb(colour), to_rgb(other)
    return tuple((1 - share) * p + share * q for p, q in zip(a, b, strict=True))  # type: ignore[return-value]


def _box(x: Number, y: Number, width: Number, height: Number) -> Path:
    return _polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


def _polygon(points: Iterable[Point] | np.ndarray) -> Path:
    points = np.asarray(list(points), dtype=float)
    return Path(np.vstack([points, points[:1]]), closed=True)


def _rounded(x: Number, y: Number, width: Number, height: Number, radius: Number) -> Path:
    corners = [(x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    steps = [(0, 1), (-1, 0), (0, -1), (1, 0)]
    vertices: list[Point] = [(x + radius, y)]
    codes = [Path.MOVETO]
    for k, (cx, cy) in enumerate(corners):
        before, after = steps[k - 1], steps[k]
        vertices += [
            (cx - radius * before[0], cy - radius * before[1]),
            (cx, cy),
            (cx + radius * after[0], cy + radius * after[1]),
        ]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*vertices, vertices[0]], [*codes, Path.CLOSEPOLY])


def _ellipse(x: Number, y: Number, rx: Number, ry: Number) -> Path:
    circle = Path.unit_circle()
    return Path(np.asarray(circle.vertices) * [rx, ry] + [x, y], circle.codes)


def _ribbon(points: np.ndarray, width: Number) -> Path:
    """Return a line of some width, as a shape."""
    direction = np.gradient(points, axis=0)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    normal = direction[:, ::-1] * [-1, 1] * width / 2
    return _polygon(np.vstack([points + normal, (points - normal)[::-1]]))


class _Plane:
    """A plane parallel to the table, with its own origin and turn, to draw shapes on."""

    def __init__(self, ax: Axes, at: Point, turn: Number = 0.0, height: Number = 0.0) -> None:
        self.ax, self.at, self.turn = ax, at, turn
        self.affine = (
            Affine2D().rotate_deg(turn).scale(1, _DEPTH).translate(at[0], at[1] + _RISE * height)
        )

    def up(self, height: Number) -> "_Plane":
        """Return the same plane, lifted above the table."""
        return _Plane(self.ax, self.at, self.turn, height)

    def point(self, x: Number, y: Number, height: Number = 0.0) -> Point:
        """Return where a point of this plane is seen, lifted by some height."""
        px, py = self.affine.transform((x, y))
        return float(px), float(py) + _RISE * height

    def fill(self, *shapes: Path, colour: Colour, alpha: Number = 1.0) -> None:
        """Fill shapes with one colour."""
        _fill(
            self.ax,
            *(shape.transformed(self.affine) for shape in shapes),
            colour=colour,
            alpha=alpha,
        )

    def shadow(
        self, width: Number, height: Number, *, reach: Number = 0.14, radius: Number = 0.1
    ) -> None:
        """Lay the soft shadow of something of that size, centred on the origin, on the table."""
        layers = 9
        for k in range(layers):
            grow = reach * (1 - 1.5 * k / layers)
            w, h = width + 2 * grow, height + 2 * grow
            shape = _rounded(-w / 2, -h / 2, w, h, min(radius + reach / 2, w / 2, h / 2))
            moved = shape.transformed(self.affine + Affine2D().translate(0.5 * reach, -0.6 * reach))
            _fill(self.ax, moved, colour="#3a352c", alpha=0.035)


def _fill(ax: Axes, *shapes: Path, colour: Colour, alpha: Number = 1.0) -> None:
    path = shapes[0] if len(shapes) == 1 else Path.make_compound_path(*shapes)
    ax.add_patch(PathPatch(path, facecolor=(*to_rgb(colour), alpha), edgecolor="none", linewidth=0))


def _lines(
    x: Number, top: Number, width: Number, count: int, step: Number, weight: Number
) -> list[Path]:
    """Return lines of print, the last one of each paragraph short."""
    paragraph = 6
    return [
        _box(x, top - k * step - weight, width * (0.62 if k % paragraph == 4 else 1.0), weight)
        for k in range(count)
    ]


def _words(
    x: Number, y: Number, widths: Iterable[Number], height: Number, gap: Number
) -> list[Path]:
    """Return a row of blocks that stand for the words of a heading."""
    shapes = []
    for width in widths:
        shapes.append(_rounded(x, y, width, height, height * 0.18))
        x += width + gap
    return shapes


def _table(ax: Axes) -> None:
    _fill(ax, _box(0, 0, WIDTH, HEIGHT), colour="#e9e6e1")
    edges = (0.0, 1.85, 3.75, 5.6, HEIGHT)
    for k, (low, high) in enumerate(pairwise(edges)):
        if k % 2:
            _fill(ax, _box(0, low, WIDTH, high - low), colour="#e5e2dc")
        _fill(ax, _box(0, low - 0.012, WIDTH, 0.024), colour="#d6d2cb")
    rng = np.random.default_rng(1976)  # the grain only: faint streaks along the planks
    streaks = []
    for _ in range(46):
        x, y, length = rng.uniform(-1, WIDTH), rng.uniform(0.1, HEIGHT), rng.uniform(0.8, 2.6)
        t = np.linspace(0, 1, 7)
        wave = 0.018 * np.sin(2 * np.pi * (t + rng.uniform()))
        streaks.append(_ribbon(np.column_stack([x + length * t, y + wave]), 0.014))
    _fill(ax, *streaks, colour="#d9d5ce", alpha=0.8)


def _newspaper(ax: Axes, at: Point) -> None:
    page = _Plane(ax, at, turn=7)
    width, height = 3.1, 3.0
    left, top = -width / 2, height / 2
    page.shadow(width + 0.06, height + 0.06)
    # Two inner sheets look out below and beside the front page.
    page.fill(
        _polygon(
            [
                (left + 0.1, -top - 0.09),
                (-left + 0.1, -top - 0.05),
                (-left + 0.09, top - 0.1),
                (left + 0.1, top - 0.1),
            ]
        ),
        colour="#c6c6c6",
    )
    page.fill(
        _polygon(
            [
                (left + 0.05, -top - 0.05),
                (-left + 0.05, -top - 0.02),
                (-left + 0.05, top - 0.05),
                (left + 0.05, top - 0.05),
            ]
        ),
        colour="#d9d9d9",
    )
    page.fill(_box(left, -top, width, height), colour="#f0f0f0")

    margin = 0.16
    x, inner = left + margin, width - 2 * margin
    # Masthead between rules.
    letters = (0.2, 0.15, 0.16, 0, 0.2, 0.15, 0.1, 0.17, 0.15, 0, 0.2, 0.16, 0.12, 0.16)
    start = x + (inner - sum(letters) - 0.042 * len(letters)) / 2
    for width_of_letter in letters:
        if width_of_letter:
            tall = 0.33 if width_of_letter == 0.2 else 0.25
            page.fill(_rounded(start, top - 0.53, width_of_letter, tall, 0.035), colour=_INK)
        start += (width_of_letter or 0.07) + 0.042
    page.fill(
        _box(x, top - 0.63, inner, 0.03),
        _box(x, top - 0.68, inner, 0.012),
        _box(x, top - 0.16, inner, 0.012),
        colour=_INK,
    )
    # Headline, and a picture: hills under a pale sun.
    column, gap = (inner - 3 * 0.12) / 4, 0.12
    page.fill(*_words(x, top - 0.97, (0.35, 0.54, 0.3), 0.15, 0.08), colour=_INK)
    picture = (x, top - 1.98, 2 * column + gap, 0.9)
    px, py, pw = picture[:3]
    page.fill(_box(*picture), colour="#d2d2d2")
    page.fill(_ellipse(px + 0.98, py + 0.65, 0.12, 0.12), colour="#f5f5f5")
    page.fill(
        _polygon(
            [
                (px, py),
                (px, py + 0.3),
                (px + 0.22, py + 0.5),
                (px + 0.42, py + 0.66),
                (px + 0.62, py + 0.42),
                (px + 0.8, py + 0.28),
                (px + 1.05, py + 0.42),
                (px + pw, py + 0.22),
                (px + pw, py),
            ]
        ),
        colour="#9f9f9f",
    )
    page.fill(
        _polygon(
            [
                (px, py),
                (px, py + 0.14),
                (px + 0.32, py + 0.22),
                (px + 0.75, py + 0.12),
                (px + 1.1, py + 0.2),
                (px + pw, py + 0.1),
                (px + pw, py),
            ]
        ),
        colour="#717171",
    )
    # Columns: two beside the picture, four below it, a crease where the paper was folded.
    for k in range(4):
        cx = x + k * (column + gap)
        start = top - 2.07 if k < 2 else top - 0.82
        count = 8 if k < 2 else 22
        page.fill(*_lines(cx, start, column, count, 0.091, 0.042), colour=_GREY)
        if k:
            low = -top + margin
            page.fill(_box(cx - gap / 2 - 0.005, low, 0.01, start - low), colour=_PALE)
    page.fill(_box(left, -0.03, width, 0.03), colour="#ffffff", alpha=0.75)
    page.fill(_box(left, -0.045, width, 0.018), colour="#585858", alpha=0.25)


def _paper(ax: Axes, at: Point) -> None:
    page = _Plane(ax, at, turn=-6)
    width, height = 2.15, 3.0
    left, top = -width / 2, height / 2
    page.shadow(width + 0.05, height + 0.05)
    for shift in (0.075, 0.038):  # the sheets beneath
        page.fill(
            _box(left + shift, -top - shift * 0.7, width, height), colour=_mix(_PALE, "white", 0.25)
        )
        page.fill(_box(left + shift * 0.8, -top - shift * 0.5, width, height), colour="#f3f3f3")
    page.fill(_box(left, -top, width, height), colour=_SHEET)

    margin = 0.2
    x, inner = left + margin, width - 2 * margin
    # Title, authors and abstract, centred.
    page.fill(*_words(x + 0.13, top - 0.32, (0.4, 0.56, 0.37), 0.11, 0.06), colour=_INK)
    page.fill(*_words(x + 0.4, top - 0.48, (0.5, 0.39), 0.11, 0.06), colour=_INK)
    page.fill(*_words(x + 0.45, top - 0.62, (0.22, 0.22, 0.24), 0.05, 0.06), colour=_GREY)
    page.fill(*_lines(x + 0.2, top - 0.76, inner - 0.4, 5, 0.08, 0.036), colour=_GREY)
    # Two columns; a plot stands at the head of the right one.
    column = (inner - 0.13) / 2
    right = x + column + 0.13
    page.fill(*_lines(x, top - 1.28, column, 18, 0.083, 0.038), colour=_GREY)
    page.fill(*_lines(right, top - 2.12, column, 8, 0.083, 0.038), colour=_GREY)
    ox, oy, pw, ph = right + 0.06, top - 2.0, column - 0.08, 0.68
    page.fill(_box(ox, oy, pw, 0.024), _box(ox, oy, 0.024, ph), colour=_INK)
    t = np.linspace(0.04, 1, 40)
    curve = np.column_stack([ox + pw * t, oy + ph * (0.18 + 0.62 * np.sin(2.6 * t) * t**0.4)])
    page.fill(_ribbon(curve, 0.036), colour=_INK)
    dots = (
        (0.12, 0.36),
        (0.25, 0.38),
        (0.4, 0.78),
        (0.52, 0.66),
        (0.7, 0.88),
        (0.85, 0.52),
        (0.95, 0.62),
    )
    page.fill(*(_ellipse(ox + pw * a, oy + ph * b, 0.03, 0.03) for a, b in dots), colour=_GREY)
    # A staple.
    page.fill(
        _ribbon(np.array([(left + 0.08, top - 0.2), (left + 0.22, top - 0.08)]), 0.03),
        colour="#717171",
    )


def _notebook(ax: Axes, at: Point) -> None:
    page = _Plane(ax, at, turn=-9)
    width, height = 2.35, 2.9
    left, top = -width / 2, height / 2
    page.shadow(width + 0.12, height + 0.1, reach=0.18)
    # Cover below, a few pages, the uppermost ruled.
    page.fill(
        _rounded(left - 0.05, -top - 0.07, width + 0.12, height + 0.12, 0.12), colour="#343434"
    )
    for shift in (0.05, 0.025):
        page.fill(_rounded(left + shift, -top - shift, width, height, 0.08), colour="#d6d6d6")
        page.fill(
            _rounded(left + shift - 0.012, -top - shift + 0.012, width, height, 0.08),
            colour="#efefef",
        )
    page.fill(_rounded(left, -top, width, height, 0.08), colour=_SHEET)
    ruled = [_box(left + 0.34, top - 0.52 - 0.185 * k, width - 0.44, 0.016) for k in range(12)]
    page.fill(*ruled, colour="#b9b9b9")
    page.fill(_box(left + 0.48, -top + 0.06, 0.014, height - 0.12), colour="#cccccc")
    # Handwriting: strokes that stand for words, no letters.
    rng = np.random.default_rng(7)
    strokes = []
    for line, end in enumerate((1.35, 1.6, 1.1, 1.5)):
        x = left + 0.58
        while x < left + 0.5 + end:
            length = rng.uniform(0.16, 0.34)
            t = np.linspace(0, 1, 30)
            y = top - 0.485 - 0.185 * line + 0.032 * np.sin(2 * np.pi * t * length / 0.075)
            y += 0.05 * np.exp(-((t - rng.uniform(0.1, 0.9)) ** 2) / 0.004)
            strokes.append(_ribbon(np.column_stack([x + length * t, y]), 0.02))
            x += length + 0.09
    page.fill(*strokes, colour="#4f4f4f")
    # The spiral: a hole in the page and a wire over the edge, again and again.
    steps = np.linspace(-top + 0.22, top - 0.22, 15)
    page.fill(*(_ellipse(left + 0.14, y, 0.042, 0.042) for y in steps), colour="#3f3f3f")
    a = np.linspace(0, np.pi, 10)
    for colour, weight, lift in (("#626262", 0.055, 0.0), ("#c8c8c8", 0.02, 0.008)):
        loops = [
            _ribbon(
                np.column_stack([left + 0.02 - 0.125 * np.cos(a), y + lift + 0.06 * np.sin(a)]),
                weight,
            )
            for y in steps
        ]
        page.fill(*loops, colour=colour)


def _book(ax: Axes, at: Point) -> None:
    turn = 13
    base = _Plane(ax, at, turn=turn)
    width, depth, thick, board = 2.3, 2.85, 0.78, 0.075
    left, low = -width / 2, -depth / 2
    base.shadow(width + 0.1, depth + 0.1, reach=0.32)

    def wall(
        x0: Number, y0: Number, x1: Number, y1: Number, z0: Number, z1: Number, colour: Colour
    ) -> None:
        corners = [
            base.point(x0, y0, z0),
            base.point(x1, y1, z0),
            base.point(x1, y1, z1),
            base.point(x0, y0, z1),
        ]
        _fill(ax, _polygon(corners), colour=colour)

    black, side = "#2c2c2c", "#1b1b1b"
    inset = 0.07
    # Lower board, the block of pages seen from the front, the spine, the upper board.
    base.up(board).fill(_box(left, low, width, depth), colour=black)
    wall(left, low, -left, low, 0, board, side)
    wall(left + 0.05, low + inset, -left - inset, low + inset, board, thick - board, "#f1f1f1")
    for k in range(1, 10):
        z = board + (thick - 2 * board) * k / 10
        wall(left + 0.05, low + inset, -left - inset, low + inset, z, z + 0.014, "#c0c0c0")
    wall(
        left + 0.05,
        low + inset,
        -left - inset,
        low + inset,
        thick - board - 0.1,
        thick - board,
        "#a8a8a8",
    )
    wall(left, low, left, -low, 0, thick, side)
    for share in (0.14, 0.24, 0.76, 0.86):
        y = low + depth * share
        wall(left, y, left, y + 0.05, 0.03, thick - 0.01, "#dadada")
    wall(left, low, left + 0.11, low, 0, thick, side)  # the rounded back, seen end on
    wall(left, low, -left, low, thick - board, thick, side)

    cover = base.up(thick)
    cover.fill(_box(left, low, width, depth), colour=black)
    cover.fill(_box(left + 0.17, low, 0.03, depth), colour="#434343")  # the hinge
    x, y, w, h = left + 0.36, low + 0.17, width - 0.53, depth - 0.34
    cover.fill(
        _box(x, y, w, 0.028),
        _box(x, y + h - 0.028, w, 0.028),
        _box(x, y, 0.028, h),
        _box(x + w - 0.028, y, 0.028, h),
        colour="#f3f3f3",
    )
    # A white label with a title in blocks, and an emblem below.
    cover.fill(_box(x + 0.2, y + h - 1.1, w - 0.4, 0.82), colour="#f3f3f3")
    middle = x + w / 2
    cover.fill(
        _rounded(middle - 0.5, y + h - 0.64, 1.0, 0.17, 0.04),
        _rounded(middle - 0.36, y + h - 0.9, 0.72, 0.12, 0.03),
        colour=_INK,
    )
    cover.fill(_ellipse(middle, y + 0.68, 0.36, 0.36), colour="#f3f3f3")
    cover.fill(_ellipse(middle, y + 0.68, 0.3, 0.3), colour=black)
    cover.fill(
        _polygon(
            [
                (middle, y + 0.9),
                (middle + 0.2, y + 0.68),
                (middle, y + 0.46),
                (middle - 0.2, y + 0.68),
            ]
        ),
        colour="#f3f3f3",
    )


def _cup(ax: Axes, at: Point, colour: Colour, coffee: Colour) -> None:
    x, y = at
    base = _Plane(ax, at)

    def ring(radius: Number, height: Number = 0.0) -> Path:
        return _ellipse(x, y + _RISE * height, radius, _DEPTH * radius)

    light, dark, deep = (
        _mix(colour, "white", 0.22),
        _mix(colour, "black", 0.2),
        _mix(colour, "black", 0.42),
    )
    base.shadow(2.16, 2.16, reach=0.24, radius=1.2)
    # Saucer: its edge, its rim, its well, and the shadow of the cup in it.
    _fill(ax, ring(1.12, 0.0), colour=deep)
    _fill(ax, ring(1.12, 0.08), colour=colour)
    _fill(ax, ring(1.06, 0.08), colour=light)
    _fill(ax, ring(1.03, 0.07), colour=_mix(colour, "white", 0.08))
    _fill(ax, ring(0.72, 0.06), colour=dark)
    _fill(ax, ring(0.69, 0.04), colour=_mix(colour, "black", 0.1))
    for k in range(4):
        r = 0.5 + 0.07 * k
        _fill(ax, _ellipse(x + 0.1 + 0.03 * k, y + 0.02, r, 0.75 * r), colour="black", alpha=0.09)

    foot, lip, z0, z1 = 0.4, 0.74, 0.06, 1.4
    # Handle: a loop to the right, behind the body.
    t = np.linspace(-0.66 * np.pi, 0.6 * np.pi, 50)
    loop = np.column_stack(
        [x + 0.62 + 0.42 * np.cos(t), y + _RISE * 0.86 + 0.3 * np.sin(t) + 0.06 * np.cos(t)]
    )
    _fill(ax, _ribbon(loop, 0.18), colour=dark)
    _fill(ax, _ribbon(loop[8:-4] + np.array([-0.015, 0.03]), 0.07), colour=light)

    def bowl(start: Number, stop: Number) -> Path:
        """Return the part of the bowl seen between two angles: seam, lip, seam, foot."""
        s = np.linspace(0, 1, 30)
        radius = foot + (lip - foot) * np.sin(s * np.pi / 2) ** 0.8
        angles = np.linspace(start, stop, 40) * np.pi

        def seam(angle: Number) -> np.ndarray:
            height = z0 + (z1 - z0) * s
            return np.column_stack(
                [x + radius * np.cos(angle), y + _DEPTH * radius * np.sin(angle) + _RISE * height]
            )

        def hoop(radius: Number, height: Number) -> np.ndarray:
            return np.column_stack(
                [x + radius * np.cos(angles), y + _DEPTH * radius * np.sin(angles) + _RISE * height]
            )

        return _polygon(
            np.vstack(
                [seam(angles[0]), hoop(lip, z1), seam(angles[-1])[::-1], hoop(foot, z0)[::-1]]
            )
        )

    _fill(ax, bowl(1, 2), colour=colour)
    for start, stop, tint, alpha in (
        (1.64, 2.0, "black", 0.08),
        (1.76, 2.0, "black", 0.1),
        (1.86, 2.0, "black", 0.12),
        (1.0, 1.08, "black", 0.1),
        (1.2, 1.34, "white", 0.16),
        (1.235, 1.3, "white", 0.2),
    ):
        _fill(ax, bowl(start, stop), colour=tint, alpha=alpha)
    # Lip, inner wall, coffee with a ring of foam and a glint.
    _fill(ax, ring(lip, z1), colour=light)
    _fill(ax, ring(lip - 0.055, z1), colour=deep)
    inner = ring(lip - 0.055, z1)
    level = y + _RISE * (z1 - 0.15)
    for shape, tint, alpha in (
        (_ellipse(x, level, lip - 0.07, _DEPTH * (lip - 0.07)), _mix(coffee, "white", 0.3), 1.0),
        (_ellipse(x, level - 0.01, lip - 0.12, _DEPTH * (lip - 0.12)), coffee, 1.0),
        (_ellipse(x + 0.04, level - 0.05, lip - 0.2, _DEPTH * (lip - 0.24)), "black", 0.12),
        (_ellipse(x - 0.24, level + 0.16, 0.17, 0.06), "white", 0.3),
    ):
        patch = PathPatch(shape, facecolor=(*to_rgb(tint), alpha), edgecolor="none", linewidth=0)
        ax.add_patch(patch)
        patch.set_clip_path(inner, ax.transData)


# Where each object lies, in table units; every other table of objects keeps this order.
PLACES: dict[str, Point] = {
    "newspaper": (1.98, 5.64),
    "paper": (8.3, 5.64),
    "cup of coffee": (5.25, 5.16),
    "notebook": (2.45, 2.1),
    "book": (6.95, 1.98),
}
_LABELS: dict[str, Point] = {
    "newspaper": (2.05, 4.1),
    "paper": (8.35, 4.1),
    "cup of coffee": (5.25, 4.08),
    "notebook": (2.35, 0.5),
    "book": (7.45, 0.5),
}


def grey_as_light_as(colour: Colour) -> Colour:
    """The grey of the same relative luminance as ``colour``: red, green and blue from 0 to 1.

    Luminance, as sRGB defines it (IEC 61966-2-1), weights the light of the three as the eye does:
    green counts ten times as much as blue.

    Examples
    --------
    >>> [round(part, 2) for part in grey_as_light_as("red")]
    [0.5, 0.5, 0.5]
    """
    coded = np.array(to_rgb(colour))
    light = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    luminance = float(light @ LUMINANCE)
    grey = 12.92 * luminance if luminance <= 0.0031308 else 1.055 * luminance ** (1 / 2.4) - 0.055
    return (grey, grey, grey)


@dataclass(frozen=True)
class Scene:
    """How the table is laid: any Matplotlib colours for cup and coffee, and where the cup stands.

    Examples
    --------
    >>> grey = Scene(cup_colour="0.42", coffee_colour="0.3")
    """

    cup_colour: Colour = RED
    coffee_colour: Colour = COFFEE
    cup_at: Point = PLACES["cup of coffee"]


TABLE = Scene()
"""The scene of the book: a red cup among things in black and white."""


def _draw(ax: Axes, scene: Scene, names: Iterable[str]) -> None:
    drawers = {"newspaper": _newspaper, "paper": _paper, "notebook": _notebook, "book": _book}
    for name in names:
        if name in drawers:
            drawers[name](ax, PLACES[name])
        else:
            _cup(ax, scene.cup_at, scene.cup_colour, scene.coffee_colour)


def _frame(ax: Axes) -> None:
    ax.set(xlim=(0, WIDTH), ylim=(0, HEIGHT), aspect="equal")
    ax.set_axis_off()


def draw_scene(ax: Axes, scene: Scene = TABLE, *, labels: bool = False) -> None:
    """Draw a newspaper, a paper, a cup of coffee, a notebook and a book on a table.

    All that is made of paper is black, white and grey; the cup is red.

    Parameters
    ----------
    ax
        Where to draw. It is given the limits of the table, (0, 10) by (0, 7.5), and no axes.
    scene
        How the table is laid.
    labels
        Whether to write the name of every object under it.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> draw_scene(ax, Scene(cup_colour="teal"), labels=True)
    """
    ax.set_gid("illustration")  # a picture of things: their colours are theirs, in the dark too
    _table(ax)
    _draw(ax, scene, PLACES)
    if labels:
        for name, (x, y) in _LABELS.items():
            if name == "cup of coffee":
                x, y = x + scene.cup_at[0] - PLACES[name][0], y + scene.cup_at[1] - PLACES[name][1]
            ax.text(x, y, name, ha="center", va="top", zorder=7)  # readable under a gaze too
    _frame(ax)


def _canvas() -> tuple[FigureCanvasAgg, Axes]:
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=PIXELS_PER_UNIT, facecolor="none")
    figure.set_layout_engine("none")  # the picture must not depend on the reader's style
    canvas = FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    _frame(ax)
    return canvas, ax


def _pixels(canvas: FigureCanvasAgg) -> Tensor:
    canvas.draw()
    return torch.from_numpy(np.array(canvas.buffer_rgba())).float() / 255


def render(scene: Scene = TABLE) -> Float[Tensor, "height width 3"]:
    """Return the scene as an image, 480 by 640 pixels: red, green and blue from 0 to 1."""
    canvas, ax = _canvas()
    draw_scene(ax, scene)
    return _pixels(canvas)[..., :3]


def regions(scene: Scene = TABLE) -> Float[Tensor, "objects height width"]:
    """Return for every object, in the order of ``PLACES``, 1 where it covers the image, else 0."""
    masks = []
    for name in PLACES:
        canvas, ax = _canvas()
        _draw(ax, scene, [name])
        masks.append((_pixels(canvas)[..., 3] > 0.6).float())  # shadows are fainter than that
    return torch.stack(masks)
