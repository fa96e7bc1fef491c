"""What is read from a figure: every number that is drawn, and nothing that is mere ink."""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from attnbook.plotting import show_heatmaps
from attnbook.press.base.errors import PressError
from attnbook.press.execution.cell_capture import Watch
from attnbook.press.figure_data.read_plot import extract, texts
from attnbook.press.source.figure_messages import Catalogue


@pytest.fixture(autouse=True)
def drawing():
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture
def ax():
    return plt.subplots()[1]


def told(ax):
    return extract(ax.figure)


def only(ax):
    [series] = told(ax)["panels"][0]["series"]
    return series


def test_a_line_keeps_its_numbers_and_texts(ax):
    ax.semilogx([1, 10], [0.1, -2], label="truth")
    ax.set(title="a title", xlabel="keys", ylabel="weight")
    assert told(ax) == {
        "kind": "plot",
        "panels": [
            {
                "title": "a title",
                "xlabel": "keys",
                "ylabel": "weight",
                "xscale": "log",
                "yscale": "linear",
                "series": [{"kind": "line", "label": "truth", "x": [1.0, 10.0], "y": [0.1, -2.0]}],
            }
        ],
    }


def test_markers_without_a_line_and_scatter_are_points(ax):
    ax.plot([1, 2], [3, 4], linestyle="none", marker="o")
    ax.scatter([5], [6], label="optimum")
    assert told(ax)["panels"][0]["series"] == [
        {"kind": "points", "label": "", "x": [1.0, 2.0], "y": [3.0, 4.0]},
        {"kind": "points", "label": "optimum", "x": [5.0], "y": [6.0]},
    ]


def test_what_is_hidden_or_only_guides_the_eye_is_no_data(ax):
    ax.plot([0, 1], [0, 1])[0].set_visible(False)
    ax.plot([0, 1], [0, 1], linestyle="none")
    ax.axvline(0.5)
    ax.plot([0, 1], [0, 1], transform=ax.transAxes, label="a frame")
    assert told(ax) == {"kind": "diagram", "panels": []}


def test_a_labelled_line_across_the_panel_reaches_its_limits(ax):
    ax.set(xlim=(1, 100), ylim=(-1, 5), xscale="log")
    ax.axhline(0.25, label="limit")
    ax.axvline(10, label="best")
    level, upright = told(ax)["panels"][0]["series"]
    assert (level["x"], level["y"]) == ([1.0, 100.0], [0.25, 0.25])
    assert (upright["x"], upright["y"]) == ([10.0, 10.0], [-1.0, 5.0])


def test_numbers_are_the_shortest_of_their_own_precision(ax):
    single = torch.tensor([0.1, 0.7])
    ax.plot(single, np.array([0.1, 1 / 3]))
    assert only(ax)["x"] == [0.1, 0.7]
    assert only(ax)["y"] == [0.1, 1 / 3]


def test_what_is_missing_is_null(ax):
    ax.plot([0, 1, 2], np.ma.masked_equal([math.nan, math.inf, 7], 7))
    assert only(ax)["y"] == [None, None, None]
    json.dumps(told(ax), allow_nan=False)


@pytest.mark.parametrize("across", [False, True])
def test_bars_are_called_as_their_ticks(ax, across):
    names, values = ["book", "cup"], [0.25, 0.75]
    draw = ax.barh if across else ax.bar
    # Two sets side by side: neither stands exactly at the tick.
    draw(np.arange(2) - 0.2, values, 0.4, label="first")
    draw(np.arange(2) + 0.2, values[::-1], 0.4, label="second")
    (ax.set_yticks if across else ax.set_xticks)([0, 1], names)
    first, second = told(ax)["panels"][0]["series"]
    places, lengths = ("y", "x") if across else ("x", "y")
    assert (first["kind"], first["label"], second["label"]) == ("bars", "first", "second")
    assert first[places] == second[places] == names
    assert (first[lengths], second[lengths]) == (values, values[::-1])


def test_bars_over_words_and_over_numbers(ax):
    ax.bar(["a", "b"], [1, 2])
    assert only(ax)["x"] == ["a", "b"]
    other = plt.subplots()[1]
    other.bar([10, 20], [1, 2])
    assert only(other)["x"] == [10.0, 20.0]


@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_rows_of_an_image_go_down_as_they_are_seen(ax, origin):
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    ax.imshow(values, origin=origin, extent=(0, 4, 0, 2))
    seen = values if origin == "upper" else values[::-1]
    assert only(ax) == {
        "kind": "image",
        "label": "",
        "x": [1.0, 3.0],
        "y": [1.5, 0.5],
        "values": seen.tolist(),
    }
    ax.invert_xaxis()
    assert only(ax)["x"] == [3.0, 1.0]
    assert only(ax)["values"] == seen[:, ::-1].tolist()


def test_a_mesh_that_is_not_turned_over_has_its_last_row_on_top(ax):
    ax.pcolormesh([0, 1, 2], [0, 1, 2], [[1, 2], [3, 4]])
    assert only(ax)["values"] == [[3.0, 4.0], [1.0, 2.0]]
    assert only(ax)["y"] == [1.5, 0.5]


def test_heat_maps_give_back_weights_keys_and_queries():
    generator = torch.Generator().manual_seed(7)
    keys = torch.rand(9, generator=generator).sort().values
    queries = torch.arange(0, 1, 0.1)
    weights = torch.rand((1, 2, 10, 9), generator=generator)
    figure = show_heatmaps(
        weights, "keys", "queries", titles=["one", "two"], keys=keys, queries=queries
    )
    found = extract(figure)
    assert found["kind"] == "heat map"
    assert [panel["title"] for panel in found["panels"]] == ["one", "two"]  # and no colour bar
    for panel, matrix in zip(found["panels"], weights[0], strict=True):
        assert (panel["xlabel"], panel["ylabel"]) == ("keys", "queries")
        [series] = panel["series"]
        assert torch.equal(torch.tensor(series["values"]), matrix)
        torch.testing.assert_close(torch.tensor(series["x"]), keys)
        torch.testing.assert_close(torch.tensor(series["y"]), queries)


def test_cells_that_do_not_meet_half_way_stand_at_their_centres(ax):
    ax.pcolormesh([0, 1, 5, 6], [0, 1], [[1, 2, 3]])
    assert only(ax)["x"] == [0.5, 3.0, 5.5]


def test_colours_are_named_by_their_bar(ax):
    layer = ax.imshow([[0, 1]])
    ax.figure.colorbar(layer, label="saliency")
    assert len(told(ax)["panels"]) == 1
    assert only(ax)["label"] == "saliency"


def test_a_picture_is_no_data_but_a_map_laid_over_it_is(ax):
    ax.imshow(np.ones((4, 4, 4)))
    ax.plot([0, 1], [0, 1])
    ax.set_axis_off()
    assert told(ax)["kind"] == "diagram"
    ax.imshow([[0.0, 1.0]])
    assert told(ax)["kind"] == "heat map"
    assert only(ax)["values"] == [[0.0, 1.0]]


def test_every_text_is_found(ax):
    ax.bar(["a", "b"], [1, 2], label="heights")
    ax.set(title="a title", ylabel="length")
    found = {text for text in texts(told(ax)) if text}
    assert found == {"a", "b", "heights", "a title", "length"}


def test_extracting_twice_gives_the_same_and_leaves_the_figure_alone(ax):
    ax.plot([0, 1], [2, 3], label="truth")
    ax.bar(["a"], [1])
    assert json.dumps(told(ax)) == json.dumps(told(ax))
    assert ax.lines[0].get_label() == "truth"


def watch(folder):
    catalogue = Catalogue(Path("messages.csv"), ("en", "zh"), (("truth", "真实函数"),))
    return SimpleNamespace(folder=folder, cell={"label": "fit"}, catalogue=catalogue)


def test_the_kernel_leaves_the_data_beside_the_figure(ax, tmp_path):
    ax.plot([0, 1], [0.1, math.nan], label="truth")
    Watch._save_plotted(watch(tmp_path), told(ax))
    path = tmp_path / "plotted" / "fit.json"
    assert json.loads(path.read_text(encoding="utf-8")) == told(ax)


def test_a_label_that_is_not_drawn_needs_a_translation_too(ax, tmp_path):
    ax.plot([0, 1], [0, 1], label="guess")  # there is no legend
    with pytest.raises(PressError, match=r"'guess' in the data.*\n.*add a row for 'guess'"):
        Watch._save_plotted(watch(tmp_path), told(ax))
    assert not (tmp_path / "plotted").exists()
