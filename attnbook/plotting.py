"""Figures that chapters share: axes in, artists out.

Nothing here saves a file or knows a language. Text is short English; the press translates it when a
figure is published. Importing this module registers Noto Sans SC with Matplotlib.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from attnbook import fonts
from attnbook.checks import checked, describe
from attnbook.data import ToyData
from attnbook.shapes import Float, Tensor

fonts.register()

# Okabe and Ito's colours, by what they stand for in the figures of the book.
TRUTH, PREDICTION, TRAINING, MARK = "#57606a", "#0072B2", "#E69F00", "#D55E00"

# Predictions beside one another: colour and dash together tell them apart.
_LINES = (("#0072B2", "--"), ("#D55E00", "-."), ("#009E73", (0, (5, 1, 1, 1, 1, 1))))


Number = float | int


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().to(device="cpu", dtype=torch.float64).numpy()


def _check_numbers(name: str, tensor: object, axes: Sequence[str]) -> None:
    """Ask for a tensor of real numbers with these axes, none of them empty; NaN may stand in it."""
    shape = f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name} must be a torch.Tensor of shape {shape}; got {describe(tensor)}.")
    if tensor.is_complex():
        raise TypeError(f"{name} must hold real numbers; got {tensor.dtype}. Use {name}.abs().")
    if tensor.dim() != len(axes):
        raise ValueError(
            f"{name} must have shape {shape}; got {describe(tensor)}. Use {name}.reshape(...)."
        )
    if tensor.numel() == 0:
        raise ValueError(f"{name} must not be empty, {shape}; got {describe(tensor)}.")
    if tensor.isinf().any():
        raise ValueError(f"{name} must be finite, or NaN where it is blank; got infinities.")


def _check_positions(name: str, positions: object, count: int) -> None:
    _check_numbers(name, positions, (name,))
    assert isinstance(positions, Tensor)
    if len(positions) != count:
        raise ValueError(f"{name} must be ({count},), as in matrices; got {describe(positions)}.")
    if count < 2 or not bool((positions.diff() > 0).all()):
        raise ValueError(f"{name} must be two or more increasing numbers. Sort them first.")


def _check_heatmaps(
    matrices: object,
    titles: object = None,
    extent: object = None,
    keys: object = None,
    queries: object = None,
    **_: object,
) -> None:
    axes = ("rows of panels", "columns of panels", "queries", "keys")
    _check_numbers("matrices", matrices, axes)
    assert isinstance(matrices, Tensor)
    n_columns, n_queries, n_keys = matrices.shape[1:]
    if titles is not None:
        if isinstance(titles, str) or not isinstance(titles, Sequence):
            raise TypeError(f"titles must be a list of strings; got {describe(titles)}.")
        if len(titles) != n_columns:
            raise ValueError(
                f"titles must be one per column of panels, {n_columns}; got {len(titles)},"
                f" with matrices {describe(matrices)}."
            )
    if extent is not None:
        if keys is not None or queries is not None:
            raise ValueError("extent is for even spacing, keys and queries for any; give one kind.")
        if not isinstance(extent, Sequence) or len(extent) != 4 or not np.isfinite(extent).all():
            raise ValueError(
                f"extent must be four finite numbers, (first key, last key, first query, last"
                f" query); got {extent}."
            )
        if not (extent[0] < extent[1] and extent[2] < extent[3] and min(n_keys, n_queries) > 1):
            raise ValueError(
                f"extent must go from less to more over two or more keys and queries; got {extent},"
                f" with matrices {describe(matrices)}."
            )
    if keys is not None:
        _check_positions("keys", keys, n_keys)
    if queries is not None:
        _check_positions("queries", queries, n_queries)


def _edges(positions: np.ndarray) -> np.ndarray:
    """Return the edges of cells that meet half-way between increasing positions."""
    middles = (positions[:-1] + positions[1:]) / 2
    first, last = 2 * positions[0] - middles[0], 2 * positions[-1] - middles[-1]
    return np.concatenate([[first], middles, [last]])


@checked(_check_heatmaps)
def show_heatmaps(
    matrices: Tensor,
    xlabel: str,
    ylabel: str,
    titles: Sequence[str] | None = None,
    figsize: tuple[Number, Number] = (2.5, 2.5),
    cmap: str = "Reds",
    *,
    extent: Sequence[Number] | None = None,
    keys: Tensor | None = None,
    queries: Tensor | None = None,
) -> Figure:
    """Draw attention weights as a grid of heat maps under one colour scale and one colour bar.

    Zero is always on the scale, so that white means no weight in every panel. Queries run down,
    keys to the right, as in the matrix. A NaN (a query that no key reaches) is drawn grey.

    Parameters
    ----------
    matrices
        Weights, shape (rows of panels, columns of panels, queries, keys); real, finite or NaN.
    xlabel, ylabel
        What the keys and the queries are.
    titles
        One per column of panels.
    figsize
        Width and height of the whole figure, in inches.
    cmap
        Name of a Matplotlib colour map.
    extent
        (first key, last key, first query, last query), for evenly spaced keys and queries: the axes
        show these values instead of indices.
    keys, queries
        The values themselves, increasing, shape (keys,) and (queries,): each cell reaches half-way
        to its neighbours, so that unevenly spaced inputs stand where they are.

    Returns
    -------
    Figure
        A new figure.

    Raises
    ------
    TypeError
        If ``matrices`` is not a tensor of real numbers, or titles are not a list.
    ValueError
        If it has not four axes, is empty or infinite, or if titles or positions do not fit it.

    Examples
    --------
    >>> fig = show_heatmaps(torch.eye(10).reshape((1, 1, 10, 10)), xlabel="Keys", ylabel="Queries")
    >>> len(fig.axes)  # one panel, one colour bar
    2
    """
    panels = _array(matrices)
    n_rows, n_columns, n_queries, n_keys = panels.shape
    across, down = np.arange(float(n_keys)), np.arange(float(n_queries))
    if extent is not None:
        across = np.linspace(extent[0], extent[1], n_keys)
        down = np.linspace(extent[2], extent[3], n_queries)
    if keys is not None:
        across = _array(keys)
    if queries is not None:
        down = _array(queries)
    columns = _edges(across) if n_keys > 1 else np.array([-0.5, 0.5])
    rows = _edges(down) if n_queries > 1 else np.array([-0.5, 0.5])

    finite = panels[np.isfinite(panels)]
    low, high = min(0.0, finite.min(initial=0.0)), max(0.0, finite.max(initial=0.0))
    if low == high:
        high = 1.0
    proportions = (rows[-1] - rows[0]) / (columns[-1] - columns[0])

    axes: Any
    fig, axes = plt.subplots(
        n_rows,
        n_columns,
        figsize=figsize,
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="compressed",
        # Panels keep the proportions of what they show, unless that would make them slivers.
        subplot_kw={"box_aspect": min(max(proportions, 1 / 3), 3)},
    )
    mesh = None
    for i, j in np.ndindex(n_rows, n_columns):
        ax = axes[i, j]
        # As an image: thousands of rectangles would make heavy files with hairlines between cells.
        mesh = ax.pcolormesh(
            columns, rows, panels[i, j], cmap=cmap, vmin=low, vmax=high, rasterized=True
        )
        ax.set_facecolor("#c8ccd0")
        ax.spines[:].set_visible(True)
        if i == n_rows - 1:
            ax.set_xlabel(xlabel)
        if j == 0:
            ax.set_ylabel(ylabel)
        if titles is not None and i == 0:
            ax.set_title(titles[j])
    axes[0, 0].set_ylim(rows[-1], rows[0])
    indices = extent is None
    for axis, counted in (
        (axes[0, 0].xaxis, indices and keys is None),
        (axes[0, 0].yaxis, indices and queries is None),
    ):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=counted))
    assert mesh is not None
    bar = fig.colorbar(mesh, ax=axes, aspect=16 * n_rows, pad=0.03)
    bar.outline.set_linewidth(0.8)
    bar.ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
    return fig


def _check_regression(data: object, prediction: object = None, **_: object) -> None:
    if not isinstance(data, ToyData):
        raise TypeError(f"data must be attnbook.data.ToyData; got {describe(data)}.")
    several = prediction if isinstance(prediction, Mapping) else {"prediction": prediction}
    if prediction is None:
        return
    if len(several) > len(_LINES):
        raise ValueError(f"at most {len(_LINES)} predictions fit a figure; got {len(several)}.")
    for name, values in several.items():
        _check_numbers(name, values, ("n_test",))
        assert isinstance(values, Tensor)
        if values.shape != data.x_test.shape:
            raise ValueError(
                f"{name} must be one value for each test input, {describe(data.x_test)};"
                f" got {describe(values)}."
            )


@checked(_check_regression)
def plot_regression(
    ax: Axes,
    data: ToyData,
    prediction: Tensor | Mapping[str, Tensor] | None = None,
    *,
    label: str = "prediction",
    legend: bool = True,
) -> dict[str, Artist]:
    """Draw the truth, the training points and what a model predicts at the test inputs.

    Parameters
    ----------
    ax
        Where to draw; x is set to [0, 5], y to [-1, 5] as in the source.
    data
        The toy data set, ``attnbook.data.toy_data``.
    prediction
        Predictions at ``data.x_test``, shape (n_test,); at most three by label, to compare them; or
        None to show the data alone.
    label
        Legend entry of a single prediction.
    legend
        Whether to draw the legend.

    Returns
    -------
    dict of str to Artist
        The artists by their legend entry.

    Raises
    ------
    TypeError
        If ``data`` is not ToyData, or a prediction not a tensor.
    ValueError
        If a prediction does not have the shape of ``data.x_test``, or there are more than three.
    """
    if prediction is None:
        predictions: dict[str, Tensor] = {}
    elif isinstance(prediction, Mapping):
        predictions = dict(prediction)
    else:
        predictions = {label: prediction}
    x = _array(data.x_test)
    artists: dict[str, Artist] = {}
    artists["truth"] = ax.plot(
        x, _array(data.y_truth), color=TRUTH, linestyle="-", linewidth=1.7, label="truth"
    )[0]
    for (name, values), (colour, dash) in zip(predictions.items(), _LINES, strict=False):
        artists[name] = ax.plot(
            x, _array(values), color=colour, linestyle=dash, linewidth=2.1, label=name
        )[0]
    artists["training data"] = ax.plot(
        _array(data.x_train),
        _array(data.y_train),
        linestyle="none",
        marker="o",
        markersize=4.6,
        markerfacecolor=TRAINING,
        markeredgecolor="white",
        markeredgewidth=0.5,
        label="training data",
        zorder=1.5,  # the lines stay readable over the points
    )[0]
    ax.set(xlim=(0, 5), ylim=(-1, 5), xlabel="x", ylabel="y")
    if legend:
        # Below the curve, where no truth and hardly a point lies.
        if len(artists) <= 3:
            ax.legend(loc="lower center")
        else:
            ax.legend(
                loc="lower left",
                bbox_to_anchor=(0.03, 0),
                ncols=2,
                fontsize=9,
                handlelength=2.5,
                columnspacing=0.8,
                labelspacing=0.2,
            )
    return artists


def plot_loss(ax: Axes, losses: Sequence[Number]) -> Artist:
    """Draw the training loss before the first epoch and after each.

    Parameters
    ----------
    ax
        Where to draw.
    losses
        ``History.loss``: entry k is the loss after k epochs, entry 0 before training.

    Returns
    -------
    Artist
        The line.
    """
    values = np.array(losses, dtype=float)
    if values.ndim != 1 or len(values) == 0 or not np.isfinite(values).all():
        raise ValueError(f"losses must be one or more finite numbers; got {losses}.")
    line = ax.plot(np.arange(len(values)), values, color=PREDICTION, marker="o", clip_on=False)[0]
    ax.set(xlabel="epochs completed", ylabel="training loss")
    ax.set_xlim(0, max(1, len(values) - 1))
    ax.set_ylim(min(0.0, values.min()), None)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    return line


def plot_steps(
    ax: Axes,
    w: Float[Tensor, " n_w"],
    losses: Float[Tensor, " n_w"],
    *,
    steps: tuple[Sequence[Number], Sequence[Number]],
    best: tuple[Number, Number],
) -> dict[str, Artist]:
    """Draw the leave-one-out loss over w, an optimiser's steps on it and the optimum.

    Parameters
    ----------
    ax
        Where to draw.
    w, losses
        The curve, shape (n_w,) each.
    steps
        Every w the optimiser visited and the loss there: ``(history.w, history.loss)``.
    best
        The minimiser and its loss.

    Returns
    -------
    dict of str to Artist
        The artists by their legend entry.
    """
    visited, loss = (np.asarray(part, dtype=float) for part in steps)
    artists: dict[str, Artist] = {}
    artists["leave-one-out loss"] = ax.plot(
        _array(w),
        _array(losses),
        color=TRUTH,
        linestyle="-",
        label="leave-one-out loss",
    )[0]
    artists["SGD steps"] = ax.plot(
        visited,
        loss,
        color=PREDICTION,
        linestyle=":",
        linewidth=1.2,
        marker="o",
        markersize=5.5,
        markeredgecolor="white",
        markeredgewidth=0.6,
        label="SGD steps",
        zorder=3,
    )[0]
    artists["optimum"] = ax.plot(
        [best[0]],
        [best[1]],
        linestyle="none",
        color=MARK,
        marker="*",
        markersize=12,
        markeredgecolor="white",
        markeredgewidth=0.6,
        label="optimum",
        zorder=4,
    )[0]
    ax.set(xlabel="w", ylabel="leave-one-out loss")
    ax.legend()
    return artists
