"""What the chapter “From the kernel to the dot product” says, held against its executed cells.

Sentences that name no number say something all the same: largest, symmetric, no better. The truth
is found by NumPy where that is possible.
"""

import json

import numpy as np
import pytest
from scipy.special import softmax

CHAPTER = "from_kernel_to_dot_product"


@pytest.fixture(scope="module")
def numbers(the_book):
    return {name: one.value for name, one in the_book.executions[CHAPTER].numbers.items()}


@pytest.fixture(scope="module")
def arrays(the_book):
    """All tensors of the chapter as they were after a cell."""

    def after(label):
        execution, known = the_book.executions[CHAPTER], {}
        for name in execution.results:
            path = execution.folder / "arrays" / f"{name}.npz"
            if path.is_file():
                with np.load(path) as file:
                    known |= dict(file)
            if name == label:
                return known
        raise AssertionError(label)

    return after


@pytest.fixture(scope="module")
def outputs(the_book):
    return {label: one.text for label, one in the_book.executions[CHAPTER].results.items()}


def test_the_two_sides_of_the_square_agree(numbers):
    assert numbers["largest_difference"] < 1e-6
    assert numbers["sphere_difference"] < 1e-6


def test_without_the_prior_the_largest_key_wins_for_every_query_but_zero(arrays, numbers):
    known = arrays("what-the-prior-does")
    keys, queries = known["x_train"].astype(float), known["x_test"].astype(float)
    products = softmax(np.outer(queries, keys), axis=1)
    np.testing.assert_allclose(known["without_prior"], products, atol=1e-5)
    squares = softmax(-((queries[:, None] - keys) ** 2) / 2, axis=1)
    np.testing.assert_allclose(known["with_prior"], squares, atol=1e-5)
    assert (products[1:].argmax(axis=1) == keys.argmax()).all()
    assert np.ptp(products[0]) == 0  # x = 0: spread evenly
    assert numbers["last_key_wins"] == numbers["n_test"] - 1


def test_rounding_grows_and_centring_helps(the_book, numbers):
    path = the_book.executions[CHAPTER].folder / "plotted" / "rounding-by-w.json"
    lines = {
        line["label"]: np.array(line["y"])
        for line in json.loads(path.read_text("utf-8"))["panels"][0]["series"]
    }
    assert lines["float64"].max() < 1e-9
    assert (lines["float32, keys near 1000"] > lines["float32"]).all()
    assert lines["float32, keys near 1000"].max() > 0.5
    assert np.median(lines["float32"] / lines["float32, centred"]) > 1
    assert numbers["gain_by_centring"] > 3


def test_one_matrix_cannot_prefer_the_left_neighbour(arrays, numbers):
    known = arrays("three-matrices")
    one, two = known["one_weights"], known["two_weights"]
    left = (np.arange(8), np.roll(np.arange(8), 1))
    # The mean of the logarithms: what the inequality around the table bounds.
    assert np.log(one[left]).mean() <= np.log(one.diagonal()).mean()
    assert (one.argmax(axis=1) == np.arange(8)).all()
    assert two[left].min() > 0.99
    np.testing.assert_allclose(one[left], one[left[::-1]], atol=0.05)  # left as right
    assert numbers["heard_with_one"] == pytest.approx(one[left].mean(), rel=1e-6)


def test_dividing_by_the_root_keeps_weights_and_gradients(numbers, arrays):
    generator = np.random.default_rng(0)
    largest = {}
    for d in (64, 1024):
        q, k = generator.normal(size=(4000, 1, d)), generator.normal(size=(4000, 16, d))
        scores = (q * k).sum(axis=-1)
        largest[d] = [softmax(scores / s, axis=1).max(axis=1).mean() for s in (1, np.sqrt(d))]
    assert numbers["plain_at_64"] == pytest.approx(largest[64][0], abs=0.02)
    assert numbers["divided_at_64"] == pytest.approx(largest[64][1], abs=0.02)
    assert largest[1024][0] > 0.95
    assert largest[1024][1] == pytest.approx(largest[64][1], abs=0.02)
    assert numbers["gradient_ratio"] > 5


def test_a_low_temperature_leaves_one_and_a_high_one_leaves_all(numbers):
    assert 1 <= numbers["coldest"] < 1.5
    assert 15 < numbers["hottest"] <= 16


def test_only_the_softmax_over_keys_answers_ones_with_one(arrays):
    known = arrays("which-axis")
    np.testing.assert_allclose(known["answers_right"], 1, atol=1e-6)
    assert np.abs(known["answers_wrong"] - 1).min() > 0.05


def test_masking_the_diagonal_is_leaving_one_out(numbers):
    assert numbers["masked_loss"] == pytest.approx(numbers["loss"], rel=1e-5)


def test_the_layer_looks_where_the_name_is(arrays, numbers):
    weights = arrays("self-attention-heatmap")["weights"][0, 0]
    place = arrays("self-attention-heatmap")["right_place"]
    assert (weights[6:].argmax(axis=1) == place).all()
    assert weights[range(6, 10), place].min() == pytest.approx(numbers["smallest_right_weight"])
    assert weights[:6].max() < 0.5  # nothing was asked of the facts
    known = arrays("looking-up")
    np.testing.assert_allclose(known["answers"], known["found"][0, 0], atol=0.05)


def test_a_difference_wants_two_heads_and_bandwidths_do_not_help(numbers):
    assert numbers["two_heads_loss"] < numbers["one_head_loss"] / 20
    assert numbers["one_head_loss"] < numbers["without_looking"]
    assert numbers["mixed_error"] == pytest.approx(numbers["single_error"], rel=0.1)
    assert abs(numbers["mixed_better"] - numbers["n_runs"] / 2) < numbers["n_runs"] / 10


def test_the_gradient_is_the_covariance(arrays):
    known = arrays("gradient-is-a-covariance")
    keys, values = known["x_train"].astype(float), known["y_train"].astype(float)
    for i in (0, 20, 49):
        squares = (known["x_test"][i].astype(float) - keys) ** 2
        weights = softmax(-squares * 2)  # w = 2
        covariance = np.cov(np.stack([values, squares]), aweights=weights, ddof=0)[0, 1]
        assert known["jacobian"][i] == pytest.approx(-2 * covariance, abs=1e-4)


def test_one_w_per_key_lowers_the_loss_and_not_the_error(numbers):
    assert numbers["loss_with_many"] < numbers["loss_with_one"]
    assert numbers["many_error"] > numbers["single_error"]
    assert numbers["many_better"] < numbers["n_runs"] / 2


def test_the_middle_key_wins_by_distance_only(numbers):
    assert numbers["middle_by_dot"] == 0
    assert numbers["middle_by_distance"] > 300
    assert numbers["win_for_themselves"] == 1000


def test_outputs_that_the_prose_leans_on_are_there(outputs):
    for label in ("gradient-is-a-covariance", "shuffled"):
        assert outputs[label].strip() == "True", label
