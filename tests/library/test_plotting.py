"""Shared figures: one scale, axes in the units of the inputs, errors that say what came."""

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib import font_manager
from matplotlib.figure import Figure

from attnbook import fonts
from attnbook.data import toy_data
from attnbook.plotting import plot_loss, plot_regression, plot_steps, show_heatmaps
from attnbook.press.source.figure_messages import Catalogue

mpl.use("agg")
CATALOGUE = Catalogue.load(Path(__file__).parents[2] / "docs" / "messages.csv")


@pytest.fixture(autouse=True)
def _style():
    with plt.style.context("attnbook.book"):
        yield
    plt.close("all")


@pytest.fixture(scope="module")
def data():
    return toy_data(generator=torch.Generator().manual_seed(0))


def panels(fig):
    """The panels of heat maps, without the colour bar, and what each shows."""
    axes = [ax for ax in fig.axes if ax.get_label() != "<colorbar>"]
    return axes, [ax.collections[0] for ax in axes]


def words(fig):
    """Every text of a figure that is not a tick label."""
    ticks = {
        id(label)
        for ax in fig.axes
        for axis in (ax.xaxis, ax.yaxis)
        for label in axis.get_ticklabels(which="both")
    }
    return [t.get_text() for t in fig.findobj(mpl.text.Text) if id(t) not in ticks and t.get_text()]


class TestHeatmaps:
    def test_draws_one_panel_per_matrix_and_one_colour_bar(self):
        fig = show_heatmaps(torch.rand(2, 3, 4, 5), "Keys", "Queries")
        axes, meshes = panels(fig)
        assert isinstance(fig, Figure)
        assert len(axes) == 6
        assert len(fig.axes) == 7
        assert len(meshes) == 6

    def test_shows_every_weight_where_it_stands_in_the_matrix(self):
        matrices = torch.rand(2, 2, 3, 4, dtype=torch.float64)
        _, meshes = panels(show_heatmaps(matrices, "Keys", "Queries"))
        shown = np.stack([mesh.get_array() for mesh in meshes]).reshape(2, 2, 3, 4)
        np.testing.assert_array_equal(shown, matrices.numpy())

    def test_first_query_is_on_top_and_first_key_on_the_left(self):
        (ax,), _ = panels(show_heatmaps(torch.rand(1, 1, 4, 6), "Keys", "Queries"))
        assert ax.get_xlim() == (-0.5, 5.5)
        assert ax.get_ylim() == (3.5, -0.5)

    def test_panels_share_one_scale_that_holds_all_weights_and_zero(self):
        matrices = torch.stack([torch.full((3, 3), 0.2), torch.full((3, 3), 0.7)])[None]
        _, meshes = panels(show_heatmaps(matrices, "Keys", "Queries"))
        low, high = zip(*(mesh.get_clim() for mesh in meshes), strict=True)
        assert low == (0, 0)
        assert high == pytest.approx((0.7, 0.7))

    def test_scale_reaches_below_zero_only_for_negative_numbers(self):
        _, (mesh,) = panels(show_heatmaps(torch.tensor([[[[-1.0, 2.0]]]]), "Keys", "Queries"))
        assert mesh.get_clim() == (-1, 2)

    def test_all_zero_is_drawn_as_zero_of_one(self):
        _, (mesh,) = panels(show_heatmaps(torch.zeros(1, 1, 2, 2), "Keys", "Queries"))
        assert mesh.get_clim() == (0, 1)

    def test_a_query_that_no_key_reaches_is_left_blank(self):
        matrices = torch.tensor([[[[0.5, 0.5], [torch.nan, torch.nan]]]])
        _, (mesh,) = panels(show_heatmaps(matrices, "Keys", "Queries"))
        assert np.ma.getmaskarray(mesh.get_array()).tolist() == [[False, False], [True, True]]
        assert mesh.get_clim() == (0, 0.5)

    def test_nothing_but_nan_still_draws(self):
        fig = show_heatmaps(torch.full((1, 1, 2, 2), torch.nan), "Keys", "Queries")
        fig.draw_without_rendering()

    def test_extent_puts_first_and_last_input_at_the_middle_of_their_cells(self):
        fig = show_heatmaps(torch.rand(1, 1, 50, 11), "Keys", "Queries", extent=(0, 5, 0, 4.9))
        (ax,), _ = panels(fig)
        assert ax.get_xlim() == pytest.approx((-0.25, 5.25))
        assert ax.get_ylim() == pytest.approx((4.95, -0.05))

    def test_uneven_inputs_stand_where_they_are(self):
        keys = torch.tensor([0.0, 1.0, 4.0])
        fig = show_heatmaps(torch.rand(1, 1, 2, 3), "Keys", "Queries", keys=keys)
        _, (mesh,) = panels(fig)
        assert mesh.get_coordinates()[0, :, 0].tolist() == [-0.5, 0.5, 2.5, 5.5]
        assert mesh.get_coordinates()[:, 0, 1].tolist() == [-0.5, 0.5, 1.5]

    def test_index_axes_have_whole_numbers(self):
        fig = show_heatmaps(torch.rand(1, 1, 3, 3), "Keys", "Queries")
        fig.draw_without_rendering()
        (ax,), _ = panels(fig)
        assert all(float(tick).is_integer() for tick in ax.get_xticks())

    def test_panels_share_axes_and_only_the_outer_ones_are_labelled(self):
        fig = show_heatmaps(torch.rand(2, 2, 3, 3), "Keys", "Queries", titles=["a", "b"])
        axes, _ = panels(fig)
        assert [ax.get_xlabel() for ax in axes] == ["", "", "Keys", "Keys"]
        assert [ax.get_ylabel() for ax in axes] == ["Queries", "", "Queries", ""]
        assert [ax.get_title() for ax in axes] == ["a", "b", "", ""]
        axes[0].set_xlim(0, 1)
        assert all(ax.get_xlim() == (0, 1) for ax in axes)

    @pytest.mark.parametrize(
        "shape", [(1, 1, 10, 10), (1, 1, 50, 50), (1, 3, 10, 10), (2, 3, 8, 8)]
    )
    def test_colour_bar_is_as_tall_as_the_panels_and_much_narrower(self, shape):
        rows, columns = shape[:2]
        size = (2.5, 2.5) if columns == 1 else (6.4, 2.2 * rows)
        fig = show_heatmaps(torch.rand(shape), "Keys", "Queries", figsize=size)
        fig.draw_without_rendering()
        axes, _ = panels(fig)
        boxes = [ax.get_window_extent() for ax in axes]
        bar = fig.axes[-1].get_window_extent()
        top, bottom = max(box.y1 for box in boxes), min(box.y0 for box in boxes)
        assert bar.height == pytest.approx(top - bottom, rel=0.03)
        assert bar.width < 0.12 * boxes[0].width
        assert bar.x0 > max(box.x1 for box in boxes)

    def test_default_size_is_mostly_panel(self):
        fig = show_heatmaps(torch.eye(10).reshape(1, 1, 10, 10), xlabel="Keys", ylabel="Queries")
        fig.draw_without_rendering()
        (ax,), _ = panels(fig)
        box = ax.get_window_extent()
        assert tuple(fig.get_size_inches()) == (2.5, 2.5)
        assert box.width == pytest.approx(box.height, rel=0.01)
        assert box.width > 0.55 * fig.bbox.width

    @pytest.mark.parametrize(
        "matrices",
        [
            torch.eye(3, dtype=torch.float64).reshape(1, 1, 3, 3),
            torch.eye(3, dtype=torch.bfloat16).reshape(1, 1, 3, 3),
            torch.eye(3, dtype=torch.int64).reshape(1, 1, 3, 3),
            torch.eye(3, dtype=torch.bool).reshape(1, 1, 3, 3),
            torch.eye(3).reshape(1, 1, 3, 3).requires_grad_(),
        ],
        ids=["float64", "bfloat16", "int64", "bool", "requires-grad"],
    )
    def test_takes_any_real_tensor(self, matrices):
        _, (mesh,) = panels(show_heatmaps(matrices, "Keys", "Queries"))
        np.testing.assert_array_equal(mesh.get_array(), np.eye(3))

    @pytest.mark.parametrize(
        ("matrices", "options", "error", "says"),
        [
            (np.eye(3), {}, TypeError, "torch.Tensor"),
            ([[1.0]], {}, TypeError, "list"),
            (torch.zeros(1, 1, 2, 2, dtype=torch.complex64), {}, TypeError, "complex64"),
            (torch.rand(10, 10), {}, ValueError, r"\(10, 10\)"),
            (torch.rand(1, 1, 0, 5), {}, ValueError, r"\(1, 1, 0, 5\)"),
            (torch.full((1, 1, 2, 2), torch.inf), {}, ValueError, "infinit"),
            (torch.rand(1, 2, 3, 3), {"titles": ["one"]}, ValueError, "2; got 1"),
            (torch.rand(1, 2, 3, 3), {"titles": "ab"}, TypeError, "str"),
            (torch.rand(1, 1, 3, 3), {"extent": (0, 1, 2)}, ValueError, r"\(0, 1, 2\)"),
            (torch.rand(1, 1, 3, 3), {"extent": (5, 0, 0, 5)}, ValueError, "less to more"),
            (torch.rand(1, 1, 3, 3), {"keys": torch.rand(4)}, ValueError, r"\(3,\).*\(4,\)"),
            (torch.rand(1, 1, 3, 3), {"keys": torch.tensor([1.0, 0, 2])}, ValueError, "increasing"),
            (
                torch.rand(1, 1, 3, 3),
                {"keys": torch.arange(3.0), "extent": (0, 1, 0, 1)},
                ValueError,
                "one kind",
            ),
        ],
    )
    def test_says_what_came(self, matrices, options, error, says):
        with pytest.raises(error, match=says):
            show_heatmaps(matrices, "Keys", "Queries", **options)


class TestRegression:
    def test_draws_truth_prediction_and_points(self, data):
        _, ax = plt.subplots()
        artists = plot_regression(ax, data, 0 * data.x_test + 2)
        assert list(artists) == ["truth", "prediction", "training data"]
        np.testing.assert_allclose(artists["truth"].get_ydata(), data.y_truth)
        np.testing.assert_allclose(artists["prediction"].get_xdata(), data.x_test)
        assert set(artists["prediction"].get_ydata()) == {2.0}
        np.testing.assert_allclose(
            artists["training data"].get_xydata(), torch.stack([data.x_train, data.y_train], dim=1)
        )

    def test_has_the_limits_of_the_source(self, data):
        _, ax = plt.subplots()
        plot_regression(ax, data)
        assert (ax.get_xlim(), ax.get_ylim()) == ((0, 5), (-1, 5))

    def test_without_prediction_shows_the_data(self, data):
        _, ax = plt.subplots()
        assert list(plot_regression(ax, data)) == ["truth", "training data"]

    def test_lines_differ_by_more_than_colour(self, data):
        _, ax = plt.subplots()
        several = {f"w = {k}": data.y_truth for k in range(3)}
        plot_regression(ax, data, several)
        lines = [line for line in ax.lines if line.get_linestyle() != "None"]
        assert len({str(line._unscaled_dash_pattern) for line in lines}) == 4
        assert len({line.get_color() for line in lines}) == 4

    def test_legend_names_every_artist_in_words_that_have_a_translation(self, data):
        fig, ax = plt.subplots()
        plot_regression(ax, data, data.y_truth)
        entries = [text.get_text() for text in ax.get_legend().get_texts()]
        assert entries == ["truth", "prediction", "training data"]
        assert all(CATALOGUE.translate(word, "zh") for word in words(fig))

    def test_legend_covers_no_point_of_the_usual_data(self, data):
        fig, ax = plt.subplots()
        plot_regression(ax, data, {f"optimum: w = {k}.0": data.y_truth for k in range(3)})
        fig.draw_without_rendering()
        box = ax.get_legend().get_window_extent()
        points = ax.transData.transform(torch.stack([data.x_train, data.y_train], dim=1).numpy())
        assert box.count_contains(points) == 0

    def test_can_go_without_legend_and_with_another_label(self, data):
        _, ax = plt.subplots()
        artists = plot_regression(ax, data, data.y_truth, label="w = 1", legend=False)
        assert "w = 1" in artists
        assert ax.get_legend() is None

    def test_takes_a_prediction_with_a_gradient(self, data):
        _, ax = plt.subplots()
        plot_regression(ax, data, data.y_truth.clone().requires_grad_())

    @pytest.mark.parametrize(
        ("prediction", "error", "says"),
        [
            (torch.zeros(3), ValueError, r"\(50,\); got \(3,\)"),
            (torch.zeros(50, 1), ValueError, r"\(50, 1\)"),
            ([0.0] * 50, TypeError, "list"),
            ({"a": torch.zeros(50), "b": torch.zeros(49)}, ValueError, r"b must.*\(49,\)"),
            (dict.fromkeys("abcd", torch.zeros(50)), ValueError, "at most 3"),
        ],
    )
    def test_says_what_came(self, data, prediction, error, says):
        _, ax = plt.subplots()
        with pytest.raises(error, match=says):
            plot_regression(ax, data, prediction)

    def test_wants_the_toy_data(self):
        _, ax = plt.subplots()
        with pytest.raises(TypeError, match="ToyData; got tuple"):
            plot_regression(ax, (1, 2))


class TestLoss:
    def test_begins_before_the_first_epoch_and_stands_on_zero(self):
        fig, ax = plt.subplots()
        line = plot_loss(ax, (39.0, 12.0, 11.5))
        assert line.get_xydata().tolist() == [[0, 39], [1, 12], [2, 11.5]]
        assert ax.get_xlim() == (0, 2)
        assert ax.get_ylim()[0] == 0
        assert all(CATALOGUE.translate(word, "zh") for word in words(fig))

    @pytest.mark.parametrize("losses", [[], [1.0, float("nan")]])
    def test_refuses_what_cannot_be_drawn(self, losses):
        _, ax = plt.subplots()
        with pytest.raises(ValueError, match="finite"):
            plot_loss(ax, losses)


def test_steps_lie_on_the_curve_they_were_taken_on():
    fig, ax = plt.subplots()
    w = torch.linspace(0, 4, 50)
    artists = plot_steps(ax, w, (w - 3) ** 2, steps=((0.0, 2.0), (9.0, 1.0)), best=(3.0, 0.0))
    np.testing.assert_allclose(artists["leave-one-out loss"].get_ydata(), (w - 3) ** 2)
    assert artists["SGD steps"].get_xydata().tolist() == [[0, 9], [2, 1]]
    assert artists["optimum"].get_xydata().tolist() == [[3, 0]]
    assert all(CATALOGUE.translate(word, "zh") for word in words(fig))


class TestStyle:
    def test_chinese_is_drawn_with_the_font_that_came_with_us(self):
        assert Path(font_manager.findfont(fonts.FAMILY, fallback_to_default=False)).parts[-3:] == (
            "zhplot",
            "fonts",
            "NotoSansSC-Regular.ttf",
        )

    def test_registering_again_adds_nothing(self):
        fonts.register()
        fonts.register()
        named = [e for e in font_manager.fontManager.ttflist if e.name == fonts.FAMILY]
        assert len(named) == 1

    def test_another_copy_on_the_machine_is_not_used(self):
        manager = font_manager.fontManager
        other = font_manager.FontEntry(fname="elsewhere.ttf", name=fonts.FAMILY, weight=400)
        manager.ttflist.insert(0, other)
        fonts.register()
        named = [e.fname for e in manager.ttflist if e.name == fonts.FAMILY]
        assert len(named) == 1
        assert named[0] != "elsewhere.ttf"

    def test_importing_does_not_run_zhplot(self):
        code = "import sys, attnbook.plotting; print('zhplot' in sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "False"

    def test_every_glyph_of_a_chinese_label_is_there(self):
        # A missing glyph warns, and warnings are errors while tests run.
        fig, ax = plt.subplots()
        ax.set(
            title="注意力汇聚：Nadaraya-Watson 核回归",
            xlabel="排序后的训练输入",
            ylabel="−0.5 α₁ ŷ",
        )
        fig.canvas.draw()

    def test_no_two_lines_of_the_cycle_differ_by_colour_alone(self):
        cycle = mpl.rcParams["axes.prop_cycle"].by_key()
        assert len({str(dash) for dash in cycle["linestyle"]}) == len(cycle["color"])
