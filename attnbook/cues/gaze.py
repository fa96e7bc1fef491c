"""Where the eye goes on a table with five objects: by what stands out, or by what one wants.

Without a query, attention follows saliency, computed from the picture. With a query, it follows a
softmax over the objects' keys. Section 10.1.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.patches import Circle, PathPatch, Polygon
from matplotlib.path import Path

from attnbook.shapes import Float, Tensor

from .scene import HEIGHT, WIDTH, Point

FEATURES = ("readable", "long", "new", "writable", "drinkable")
"""What an object may offer. These features and the objects' keys are ours, chosen to illustrate."""


@dataclass(frozen=True)
class SceneObject:
    """A thing on the table: its name and its key, one number for each of ``FEATURES``."""

    name: str
    key: tuple[float | int, ...]


OBJECTS = tuple(
    SceneObject(name, key)
    for name, key in {
        #                 readable long new writable drinkable
        "newspaper": (1.0, 0.2, 1.0, 0.1, 0.0),
        "paper": (1.0, 0.4, 0.6, 0.2, 0.0),
        "cup of coffee": (0.0, 0.0, 0.1, 0.0, 1.0),
        "notebook": (0.3, 0.2, 0.3, 1.0, 0.0),
        "book": (1.0, 1.0, 0.1, 0.0, 0.0),
    }.items()
)


def fixation(saliency_map: Float[Tensor, "height width"]) -> Point:
    """Return the most salient place, in table units: where the eye lands when nothing is wanted."""
    height, width = saliency_map.shape
    row, column = divmod(int(saliency_map.argmax()), width)
    return (column + 0.5) / width * WIDTH, (1 - (row + 0.5) / height) * HEIGHT


def nonvolitional_attention(
    saliency_map: Float[Tensor, "height width"], masks: Float[Tensor, "objects height width"]
) -> Float[Tensor, " objects"]:
    """Return each object's share of the saliency that falls on objects: attention without a query.

    Parameters
    ----------
    saliency_map
        From ``saliency``.
    masks
        Where the objects are, from ``regions``.
    """
    mass = (masks * saliency_map).sum(dim=(1, 2))  # (objects,)
    return mass / mass.sum()


def keys() -> Float[Tensor, "objects features"]:
    """Return the objects' keys, one row an object, one column a feature of ``FEATURES``."""
    return torch.tensor([thing.key for thing in OBJECTS])


def query(**wishes: float | int) -> Float[Tensor, " features"]:
    """Return a query: how much of each feature is wanted, 0 where nothing is said.

    Raises
    ------
    ValueError
        If a wish is not one of ``FEATURES``.

    Examples
    --------
    >>> query(readable=3, long=3)
    tensor([3., 3., 0., 0., 0.])
    """
    unknown = sorted(set(wishes) - set(FEATURES))
    if unknown:
        raise ValueError(f"a query may ask for {', '.join(FEATURES)}; got {', '.join(unknown)}.")
    return torch.tensor([float(wishes.get(feature, 0.0)) for feature in FEATURES])


def volitional_attention(wanted: Float[Tensor, " features"]) -> Float[Tensor, " objects"]:
    """Return softmax(keys · query): which object answers best to what is wanted.

    Examples
    --------
    >>> weights = volitional_attention(query(readable=3, long=3))
    >>> OBJECTS[int(weights.argmax())].name
    'book'
    """
    return torch.softmax(keys().to(wanted) @ wanted, dim=0)


def target(
    weights: Float[Tensor, " objects"], masks: Float[Tensor, "objects height width"]
) -> Point:
    """Return the middle of the object with the largest weight, in table units."""
    mask = masks[int(weights.argmax())]
    rows, columns = torch.nonzero(mask, as_tuple=True)
    height, width = mask.shape
    x = (float(columns.double().mean()) + 0.5) / width * WIDTH
    return x, (1 - (float(rows.double().mean()) + 0.5) / height) * HEIGHT


_GAZE = "#0072B2"


def draw_saliency(ax: Axes, saliency_map: Float[Tensor, "height width"]) -> Artist:
    """Lay a saliency map over a drawn scene; the result can be given to a colour bar."""
    return ax.imshow(
        saliency_map[::2, ::2].detach().cpu().numpy(),  # smooth: half the pixels show all of it
        extent=(0, WIDTH, 0, HEIGHT),
        cmap="viridis",
        vmin=0,
        vmax=1,
        alpha=0.82,
        interpolation="none",
        zorder=2,
    )


def draw_gaze(ax: Axes, point: Point, *, radius: float | int = 1.1) -> None:
    """Show an eye below the table, looking at a point: sharp in the fovea, pale further out.

    Parameters
    ----------
    ax
        The axes of ``draw_scene``; its lower limit is moved to make room for the eye.
    point
        Where the gaze falls, in table units.
    radius
        Of the circle seen sharply, in table units.
    """
    x, y = point
    # Acuity falls off from the fovea: so does the picture, under a veil.
    columns = (np.arange(320) + 0.5) / 320 * WIDTH
    rows = HEIGHT - (np.arange(240) + 0.5) / 240 * HEIGHT
    distance = np.hypot(columns[None, :] - x, rows[:, None] - y)
    veil = np.ones((*distance.shape, 4))
    veil[..., 3] = 0.72 * (1 - np.exp(-(((distance - radius).clip(min=0) / 1.6) ** 2)))
    ax.imshow(veil, extent=(0, WIDTH, 0, HEIGHT), interpolation="none", zorder=3)

    eye = np.array([WIDTH / 2, -1.0])
    along = (np.array(point) - eye) / np.hypot(*(np.array(point) - eye))
    start = eye + 0.42 * along
    # The two lines of sight touch the circle.
    sine = min(0.95, radius / np.hypot(*(np.array(point) - start)))
    across = np.array([-along[1], along[0]])
    touch = np.array(point) - along * radius * sine
    half = across * radius * np.sqrt(1 - sine**2)
    cone = Polygon([start, touch + half, touch - half], closed=True)
    cone.set(facecolor=(0, 0.447, 0.698, 0.1), edgecolor="none", zorder=4)
    ax.add_patch(cone)
    for side in (half, -half):
        ax.plot(
            *np.array([start, touch + side]).T, color=_GAZE, linestyle="-", linewidth=1.0, zorder=4
        )
    for width, colour in ((4.2, "white"), (2.2, _GAZE)):
        ax.add_patch(Circle(point, radius, fill=False, edgecolor=colour, linewidth=width, zorder=5))
    for size, colour in ((0.17, "white"), (0.11, _GAZE)):
        ax.add_patch(Circle(point, size, facecolor=colour, edgecolor="none", zorder=6))
    _draw_eye(ax, eye, along)
    ax.set_ylim(-1.6, HEIGHT)


def _draw_eye(ax: Axes, centre: np.ndarray, along: np.ndarray) -> None:
    """Draw an open eye that looks in a direction."""
    curve = [Path.MOVETO, *[Path.CURVE4] * 6]
    almond = np.array(
        [(-1, 0), (-0.5, 0.72), (0.5, 0.72), (1, 0), (0.5, -0.6), (-0.5, -0.6), (-1, 0)]
    )
    opening = Path(centre + almond * [0.95, 0.9], curve)
    white = PathPatch(opening, facecolor="white", edgecolor="none", zorder=6)
    ax.add_patch(white)
    iris = (float(centre[0] + 0.3 * along[0]), float(centre[1] + 0.16 * along[1]))
    for size, colour in ((0.4, _GAZE), (0.19, "#1f2328")):
        part = Circle(iris, size, facecolor=colour, edgecolor="none", zorder=7)
        ax.add_patch(part)
        part.set_clip_path(white)
    ax.add_patch(
        Circle(
            (iris[0] - 0.12, iris[1] + 0.13), 0.075, facecolor="white", edgecolor="none", zorder=8
        )
    )
    lids = PathPatch(opening, fill=False, edgecolor="#1f2328", linewidth=1.6, zorder=9)
    lids.set_gid("on-paper-lids")  # ink beside the table: pale where the paper is dark
    ax.add_patch(lids)
    lashes = (
        (-0.62, -0.16, 0.22),
        (-0.22, -0.06, 0.27),
        (0.22, 0.06, 0.27),
        (0.62, 0.16, 0.22),
    )
    for number, (x, dx, dy) in enumerate(lashes, start=1):
        base = centre + np.array([x, 0.48 * (1 - (x / 1.05) ** 2)])
        ax.plot(
            [base[0], base[0] + dx],
            [base[1], base[1] + dy],
            color="#1f2328",
            linestyle="-",
            linewidth=1.4,
            solid_capstyle="round",
            zorder=9,
            gid=f"on-paper-lash-{number}",
        )


def plot_attention(
    ax: Axes,
    weights: Float[Tensor, " objects"] | Mapping[str, Float[Tensor, " objects"]],
) -> list[BarContainer]:
    """Draw the attention weights over the five objects as bars, each with its value.

    Parameters
    ----------
    ax
        Where to draw.
    weights
        Weights in the order of ``OBJECTS``; or two or three sets of them by name, side by side.
    """
    sets = dict(weights) if isinstance(weights, Mapping) else {"": weights}
    looks = (("#E69F00", ""), ("#0072B2", "////"), ("#009E73", "...."))
    if not 1 <= len(sets) <= len(looks):
        raise ValueError(f"weights must be one to three sets; got {len(sets)}.")
    places = np.arange(len(OBJECTS))
    height = 0.76 / len(sets)
    bars = []
    for k, ((name, values), (colour, hatch)) in enumerate(zip(sets.items(), looks, strict=False)):
        numbers = values.detach().cpu().tolist()
        if len(numbers) != len(OBJECTS):
            raise ValueError(f"weights must be one per object, {len(OBJECTS)}; got {len(numbers)}.")
        bar = ax.barh(
            places + (k - (len(sets) - 1) / 2) * height,
            numbers,
            height * 0.9,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0,
            label=name or None,
        )
        ax.bar_label(bar, fmt="{:.2f}", padding=3, fontsize="small")
        bars.append(bar)
    ax.set_yticks(places, [thing.name for thing in OBJECTS])
    ax.tick_params(axis="y", length=0)
    ax.invert_yaxis()
    ax.set(xlim=(0, 1), xlabel="attention weight")
    if len(sets) > 1:
        ax.legend(loc="upper right")
    return bars
