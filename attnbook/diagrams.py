"""Diagrams of ideas rather than data."""

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

from attnbook import fonts

fonts.register()

_INK = "#1f2328"
_QUERY, _KEY, _VALUE = "#D55E00", "#0072B2", "#009E73"  # Okabe and Ito
_GREY = "#57606a"


def _tint(colour: str, share: float) -> tuple[float, float, float]:
    """Return the colour mixed into white: share 0 is white, 1 the colour."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (1 - share * (1 - part) for part in parts)
    return red, green, blue


def _arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, width: float = 1.3
) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=10,
            linewidth=width,
            color=colour,
            shrinkA=0,
            shrinkB=0,
            zorder=2,
        )
    )


def _tile(ax: Axes, x: float, y: float, colour: str, text: str) -> None:
    ax.add_patch(
        FancyBboxPatch(
            (x - 0.36, y - 0.3),
            0.72,
            0.6,
            boxstyle="round,pad=0,rounding_size=0.12",
            facecolor=_tint(colour, 0.16),
            edgecolor=colour,
            linewidth=1.2,
            zorder=3,
        )
    )
    ax.text(x, y - 0.01, text, ha="center", va="center", color=_INK, zorder=4)


def draw_attention_diagram(ax: Axes) -> None:
    """Draw how attention pooling works: a query meets keys, and values are averaged by the match.

    Four key–value pairs stand in columns. The query is compared with every key, which gives one
    weight per pair (bars, 0.1, 0.2, 0.6 and 0.1); the output is the weighted sum of the values.
    The query stands for what is wanted, the volitional cue; a key for what stands out, the
    nonvolitional cue; a value for a sensory input.

    Parameters
    ----------
    ax
        Where to draw, about 4.4 by 4 inches, so that words and shapes keep their proportions. It is
        given its own limits, equal scales and no axes.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots(figsize=(4.4, 4.0))
    >>> draw_attention_diagram(ax)
    """
    columns, weights = (3.85, 5.35, 6.85, 8.35), (0.1, 0.2, 0.6, 0.1)
    middle = sum(columns) / 4
    query, key, value, foot, total, output = 8.45, 6.75, 5.75, 3.05, 1.95, 0.5

    # Attention pooling: a panel with one weight per pair, and the sum.
    ax.add_patch(
        FancyBboxPatch(
            (0.1, 1.4),
            9.8,
            3.35,
            boxstyle="round,pad=0,rounding_size=0.2",
            facecolor="#eef0f2",
            edgecolor="none",
            zorder=0,
        )
    )
    for number, (x, weight) in enumerate(zip(columns, weights, strict=True), start=1):
        # The pair: a card that holds key and value together.
        ax.add_patch(
            FancyBboxPatch(
                (x - 0.56, value - 0.5),
                1.12,
                key - value + 1.0,
                boxstyle="round,pad=0,rounding_size=0.18",
                facecolor="white",
                edgecolor="#b6bcc2",
                linewidth=1.0,
                zorder=1,
            )
        )
        _arrow(ax, (middle + 0.2 * (number - 2.5), query - 0.36), (x, key + 0.54), _QUERY)
        _tile(ax, x, key, _KEY, f"$k_{number}$")
        _tile(ax, x, value, _VALUE, f"$v_{number}$")
        _arrow(ax, (x, value - 0.52), (x, foot + 1.42), _GREY)
        # Its weight, and its share of the sum: the more weight, the thicker the line.
        tall = 1.45 * weight
        ax.add_patch(Rectangle((x - 0.3, foot), 0.6, tall, facecolor=_QUERY, zorder=2))
        ax.text(x, foot + tall + 0.08, f"{weight}", ha="center", va="bottom", color=_INK, zorder=4)
        ax.plot(
            [x, middle],
            [foot, total],
            color=_VALUE,
            linestyle="-",
            linewidth=0.8 + 7 * weight,
            solid_capstyle="round",
            zorder=1.5,
        )
    _tile(ax, middle, query, _QUERY, "$q$")
    ax.plot(
        [columns[0] - 0.5, columns[-1] + 0.5],
        [foot, foot],
        color=_GREY,
        linestyle="-",
        linewidth=0.9,
        zorder=3,
    )
    ax.add_patch(
        Circle((middle, total), 0.36, facecolor="white", edgecolor=_VALUE, linewidth=1.4, zorder=3)
    )
    ax.text(middle, total - 0.01, r"$\Sigma$", ha="center", va="center", color=_INK, zorder=4)
    _arrow(ax, (middle, total - 0.38), (middle, output + 0.33), _VALUE, width=2.2)
    _tile(ax, middle, output, _VALUE, "$f(q)$")

    small = 9.3
    for y, name, role in (
        (query, "query", "volitional cue"),
        (key, "keys", "nonvolitional cues"),
        (value, "values", "sensory inputs"),
        (output, "output", None),
    ):
        ax.text(0.3, y + (0.2 if role else 0), name, ha="left", va="center", color=_INK)
        if role:
            ax.text(0.3, y - 0.24, role, ha="left", va="center", color=_GREY, fontsize=small)
    ax.text(0.3, 4.38, "attention pooling", ha="left", va="center", color=_INK)
    ax.text(
        0.3, foot + 0.3, "attention weights", ha="left", va="center", color=_GREY, fontsize=small
    )
    ax.text(
        0.3, total, "weighted sum of values", ha="left", va="center", color=_GREY, fontsize=small
    )
    ax.set(xlim=(0, 10), ylim=(0.0, 8.9), aspect="equal")
    ax.set_axis_off()
