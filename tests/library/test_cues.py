"""The table scene: what is drawn, what stands out of it, and where a query leads instead."""

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from coloraide import Color
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle
from scipy.ndimage import convolve1d

from attnbook import cues
from attnbook.cues import Scene
from attnbook.cues import saliency_model as model
from attnbook.cues.scene import HEIGHT, PIXELS_PER_UNIT, PLACES, WIDTH
from attnbook.press.source.figure_messages import Catalogue

mpl.use("agg")
CATALOGUE = Catalogue.load(Path(__file__).parents[2] / "docs" / "messages.csv")
NAMES = [thing.name for thing in cues.OBJECTS]
CUP, BOOK = NAMES.index("cup of coffee"), NAMES.index("book")
GREY = Scene(cup_colour="0.42", coffee_colour="0.42")


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def image():
    return cues.render()


@pytest.fixture(scope="module")
def masks():
    return cues.regions()


@pytest.fixture(scope="module")
def saliency_map(image):
    return cues.saliency(image)


def landed_on(saliency_map, masks):
    """The objects that cover the most salient pixel."""
    best = saliency_map == saliency_map.max()
    return [name for name, mask in zip(NAMES, masks, strict=True) if (mask * best).any()]


def pixel(image, point):
    x, y = point
    return image[int((HEIGHT - y) * PIXELS_PER_UNIT), int(x * PIXELS_PER_UNIT)]


class TestScene:
    def test_image_is_red_green_blue_between_zero_and_one(self, image):
        assert image.shape == (480, 640, 3)
        assert image.dtype == torch.float32
        assert 0 <= image.min() < 0.2
        assert 0.95 < image.max() <= 1

    def test_paper_things_are_black_and_white_and_the_cup_is_red(self, image, masks):
        chroma = image.amax(dim=-1) - image.amin(dim=-1)
        for name, mask in zip(NAMES, masks, strict=True):
            seen = chroma[mask > 0]
            if name == "cup of coffee":
                red, green, blue = image[mask > 0].mean(dim=0)
                assert red > 2 * green
                assert red > 2 * blue
            else:
                assert seen.quantile(0.98) < 0.05, name

    def test_same_picture_whatever_the_style(self, image):
        with plt.style.context("dark_background"):
            assert torch.equal(cues.render(), image)
        with plt.style.context("attnbook.book"):
            assert torch.equal(cues.render(), image)

    def test_objects_lie_apart_and_away_from_the_edges(self, masks):
        assert masks.shape == (5, 480, 640)
        assert masks.sum(dim=0).max() == 1
        assert (masks.sum(dim=(1, 2)) > 10_000).all()
        assert masks[:, 0].sum() + masks[:, -1].sum() == 0
        assert masks[:, :, 0].sum() + masks[:, :, -1].sum() == 0

    def test_regions_are_where_the_objects_are_drawn(self, image, masks):
        # Only the cup changes with its colour: in its region, and in the pixels along its edge.
        changed = (cues.render(Scene(cup_colour="teal")) - image).abs().amax(dim=-1) > 0.02
        assert changed.sum() > 5000
        wider = torch.nn.functional.max_pool2d(masks[CUP][None], 3, stride=1, padding=1)[0]
        assert (changed * (1 - wider)).sum() == 0

    def test_scene_has_no_lettering_and_labels_name_everything(self):
        _, (plain, labelled) = plt.subplots(1, 2)
        cues.draw_scene(plain)
        cues.draw_scene(labelled, labels=True)
        assert not plain.texts
        assert sorted(text.get_text() for text in labelled.texts) == sorted(NAMES)
        assert {CATALOGUE.translate(name, "zh") for name in NAMES} == {
            "报纸",
            "论文",
            "咖啡杯",
            "笔记本",
            "书",
        }

    def test_label_follows_the_cup(self):
        _, ax = plt.subplots()
        cues.draw_scene(ax, Scene(cup_at=(1, 2)), labels=True)
        (label,) = (text for text in ax.texts if text.get_text() == "cup of coffee")
        assert label.get_position()[0] == pytest.approx(1, abs=0.3)
        assert label.get_position()[1] < 2


class TestSaliency:
    def test_greatest_on_the_cup(self, saliency_map, masks):
        assert landed_on(saliency_map, masks) == ["cup of coffee"]

    def test_by_far(self, saliency_map, masks):
        peaks = (masks * saliency_map).amax(dim=(1, 2))
        assert peaks[CUP] == 1
        assert peaks.sort().values[-2] < 0.7

    def test_because_of_its_colour(self):
        assert landed_on(cues.saliency(cues.render(GREY)), cues.regions(GREY)) == ["book"]

    def test_same_picture_without_colour_leads_elsewhere(self, image, masks):
        grey = image.mean(dim=-1, keepdim=True).expand(-1, -1, 3)
        assert landed_on(cues.saliency(grey), masks) == ["book"]

    @pytest.mark.parametrize("cup_at", [(5.0, 1.0), (4.6, 3.2), (8.8, 1.6), (5.2, 6.0)])
    def test_follows_the_cup(self, cup_at):
        scene = Scene(cup_at=cup_at)
        assert "cup of coffee" in landed_on(cues.saliency(cues.render(scene)), cues.regions(scene))

    def test_lies_between_zero_and_one_and_reaches_both(self, saliency_map):
        assert saliency_map.shape == (480, 640)
        assert saliency_map.min() == 0
        assert saliency_map.max() == 1

    @pytest.mark.parametrize("level", [0.0, 0.3, 1.0])
    def test_nothing_stands_out_of_an_even_field(self, level):
        assert cues.saliency(torch.full((150, 200, 3), level)).abs().max() == 0

    @pytest.mark.parametrize("odd", [(0.9, 0.1, 0.1), (0.1, 0.2, 0.9), (0.2, 0.7, 0.2)])
    def test_an_odd_colour_pops_out_of_many_alike(self, odd):
        image = torch.full((256, 256, 3), 0.85)
        for i in range(4):
            for j in range(4):
                colour = torch.tensor(odd if (i, j) == (2, 1) else (0.3, 0.3, 0.3))
                image[i * 64 + 24 : i * 64 + 40, j * 64 + 24 : j * 64 + 40] = colour
        row, column = divmod(int(cues.saliency(image).argmax()), 256)
        assert (row // 64, column // 64) == (2, 1)

    def test_turns_with_the_picture(self, image):
        # Nearly: rounding decides which of two equal neighbours counts as a local maximum.
        turned = cues.saliency(image.transpose(0, 1)).transpose(0, 1)
        torch.testing.assert_close(turned, cues.saliency(image), atol=2e-3, rtol=0)

    def test_does_not_depend_on_the_precision(self, image, saliency_map):
        double = cues.saliency(image.double())
        assert double.dtype == torch.float64
        torch.testing.assert_close(double.float(), saliency_map, atol=1e-3, rtol=0)

    def test_pyramid_is_blur_and_every_other_pixel(self):
        field = torch.rand(37, 50, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        want = field.numpy()
        for scale in model._pyramid(field):
            np.testing.assert_allclose(scale[0, 0].numpy(), want, atol=1e-12)
            for axis in (0, 1):
                want = convolve1d(want, np.array([1, 4, 6, 4, 1]) / 16, axis=axis, mode="nearest")
            want = want[::2, ::2]

    def test_normalisation_favours_one_peak_over_many(self):
        lone, crowd = torch.zeros(1, 1, 20, 20), torch.zeros(1, 1, 20, 20)
        lone[..., 10, 10] = 1
        crowd[..., 2::4, 2::4] = 0.8
        crowd[..., 10, 10] = 1
        assert model._normalise(lone).max() == 1
        assert model._normalise(crowd).max() == pytest.approx((1 - 0.8) ** 2)

    @pytest.mark.parametrize(
        ("image", "error", "says"),
        [
            (np.zeros((200, 200, 3)), TypeError, "numpy.ndarray"),
            (torch.zeros(200, 200, 3, dtype=torch.uint8), TypeError, "uint8"),
            (torch.zeros(3, 200, 200), ValueError, r"\(3, 200, 200\)"),
            (torch.zeros(100, 200, 3), ValueError, r"128.*\(100, 200, 3\)"),
            (torch.full((200, 200, 3), 255.0), ValueError, "255"),
            (torch.full((200, 200, 3), torch.nan), ValueError, "finite"),
        ],
    )
    def test_says_what_came(self, image, error, says):
        with pytest.raises(error, match=says):
            cues.saliency(image)


class TestAttention:
    def test_without_a_query_goes_to_the_cup(self, saliency_map, masks):
        weights = cues.nonvolitional_attention(saliency_map, masks)
        assert NAMES[int(weights.argmax())] == "cup of coffee"
        assert weights.sum() == pytest.approx(1)
        assert (weights > 0).all()

    def test_without_colour_leaves_the_cup(self):
        weights = cues.nonvolitional_attention(cues.saliency(cues.render(GREY)), cues.regions(GREY))
        assert NAMES[int(weights.argmax())] != "cup of coffee"

    @pytest.mark.parametrize(
        ("wishes", "name"),
        [
            ({"readable": 3, "long": 3}, "book"),
            ({"readable": 3, "new": 3}, "newspaper"),
            ({"writable": 3}, "notebook"),
            ({"drinkable": 3}, "cup of coffee"),
        ],
    )
    def test_with_a_query_goes_to_what_answers_it(self, wishes, name):
        weights = cues.volitional_attention(cues.query(**wishes))
        assert NAMES[int(weights.argmax())] == name
        assert weights.max() > 0.5
        assert weights.sum() == pytest.approx(1)

    def test_is_softmax_of_keys_times_query(self):
        wanted = torch.tensor([0.3, -1.0, 2.0, 0.0, 0.5])
        scores = [
            sum(k * q for k, q in zip(thing.key, wanted.tolist(), strict=True))
            for thing in cues.OBJECTS
        ]
        want = np.exp(scores) / np.exp(scores).sum()
        np.testing.assert_allclose(cues.volitional_attention(wanted), want, rtol=1e-5)

    def test_wanting_nothing_is_average_pooling(self):
        assert cues.volitional_attention(cues.query()).tolist() == pytest.approx([0.2] * 5)

    def test_wanting_more_strongly_sharpens(self):
        book = [
            float(cues.volitional_attention(cues.query(readable=s, long=s))[BOOK])
            for s in (0.5, 1, 2, 4, 8)
        ]
        assert book == sorted(book)
        assert book[-1] > 0.98

    def test_gradient_reaches_the_query(self):
        wanted = cues.query(long=1).requires_grad_()
        cues.volitional_attention(wanted)[BOOK].backward()
        assert wanted.grad is not None
        assert wanted.grad[cues.FEATURES.index("long")] > 0

    def test_keys_have_one_row_an_object_and_one_column_a_feature(self):
        assert cues.keys().shape == (len(cues.OBJECTS), len(cues.FEATURES))
        assert list(PLACES) == NAMES

    def test_an_unknown_wish_is_refused(self):
        with pytest.raises(ValueError, match=r"readable, long.*; got edible"):
            cues.query(edible=1)


class TestGaze:
    def test_fixation_is_the_most_salient_place(self):
        saliency_map = torch.zeros(48, 64)
        saliency_map[12, 48] = 1
        assert cues.fixation(saliency_map) == pytest.approx((48.5 / 6.4, HEIGHT - 12.5 / 6.4))

    def test_unwilled_gaze_falls_on_the_cup(self, saliency_map, masks):
        assert pixel(masks[CUP], cues.fixation(saliency_map)) == 1

    def test_willed_gaze_falls_on_the_book(self, masks):
        point = cues.target(cues.volitional_attention(cues.query(readable=3, long=3)), masks)
        assert pixel(masks[BOOK], point) == 1

    def test_target_is_the_middle_of_the_object(self):
        masks = torch.zeros(2, 15, 20)
        masks[1, 0:5, 10:20] = 1
        x, y = cues.target(torch.tensor([0.4, 0.6]), masks)
        assert (x, y) == pytest.approx((0.75 * WIDTH, HEIGHT * (1 - 2.5 / 15)))

    @pytest.mark.parametrize("point", [(5.2, 6.0), (7, 2), (1.0, 0.4)])
    def test_shows_where_the_eye_rests_and_the_eye(self, point):
        fig, ax = plt.subplots()
        cues.draw_scene(ax)
        cues.draw_gaze(ax, point, radius=1)
        circles = [patch for patch in ax.patches if isinstance(patch, Circle)]
        rings = [c for c in circles if tuple(c.center) == point and c.radius == 1]
        assert rings
        assert ax.get_ylim()[0] < -1
        assert ax.get_xlim() == (0, WIDTH)
        # The lines of sight touch the ring: at right angles to its radius.
        for line in ax.lines[:2]:
            start, end = line.get_xydata()
            out = end - np.array(point)
            assert np.hypot(*out) == pytest.approx(1)
            assert out @ (end - start) == pytest.approx(0, abs=1e-9)
        fig.canvas.draw()

    def test_sight_is_sharp_in_the_fovea_and_pales_outwards(self):
        _, ax = plt.subplots()
        cues.draw_gaze(ax, (5, 4), radius=1)
        veil = ax.images[0].get_array()[..., 3]  # (rows, columns)
        row, column = round((HEIGHT - 4) / HEIGHT * len(veil)), veil.shape[1] // 2
        outwards = veil[row, column:]
        assert outwards[0] == 0
        assert (np.diff(outwards) >= 0).all()
        assert outwards[-1] > 0.6


class TestFigures:
    def test_saliency_is_laid_over_the_table_on_a_scale_from_zero_to_one(self, saliency_map):
        _, ax = plt.subplots()
        layer = cues.draw_saliency(ax, saliency_map)
        assert list(layer.get_extent()) == [0, WIDTH, 0, HEIGHT]
        assert layer.get_clim() == (0, 1)

    def test_bars_are_as_long_as_the_weights(self):
        _, ax = plt.subplots()
        weights = torch.tensor([0.1, 0.2, 0.3, 0.15, 0.25])
        (bars,) = cues.plot_attention(ax, weights)
        assert [bar.get_width() for bar in bars] == pytest.approx(weights.tolist())
        assert [tick.get_text() for tick in ax.get_yticklabels()] == NAMES
        assert [text.get_text() for text in ax.texts] == ["0.10", "0.20", "0.30", "0.15", "0.25"]
        assert ax.yaxis_inverted()

    def test_sets_side_by_side_differ_by_more_than_colour(self):
        _, ax = plt.subplots()
        bars = cues.plot_attention(ax, {"one": torch.full((5,), 0.2), "two": torch.full((5,), 0.2)})
        assert len({bar[0].get_hatch() for bar in bars}) == 2
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two"]

    @pytest.mark.parametrize(
        ("weights", "says"),
        [({}, "got 0"), (dict.fromkeys("abcd", torch.ones(5)), "got 4"), (torch.ones(4), "got 4")],
    )
    def test_wrong_number_of_weights_is_refused(self, weights, says):
        _, ax = plt.subplots()
        with pytest.raises(ValueError, match=says):
            cues.plot_attention(ax, weights)


@pytest.mark.parametrize(
    "colour", ["#d0261c", "#5e342b", "red", "white", "black", (0.01, 0.0, 0.0)]
)
def test_a_grey_has_the_luminance_of_its_colour(colour):
    grey = cues.grey_as_light_as(colour)
    wanted = Color("srgb", to_rgb(colour)).luminance()
    assert len(set(grey)) == 1
    assert Color("srgb", grey).luminance() == pytest.approx(wanted, rel=1e-3, abs=1e-6)
