"""What the chapter “The shape of attention” says, held against its executed cells."""

import json

import numpy as np
import pytest

CHAPTER = "shape_of_attention"


@pytest.fixture(scope="module")
def execution(the_book):
    return the_book.executions[CHAPTER]


@pytest.fixture(scope="module")
def numbers(execution):
    return {name: one.value for name, one in execution.numbers.items()}


def lines(execution, label):
    told = json.loads((execution.folder / "plotted" / f"{label}.json").read_text("utf-8"))
    return {
        line["label"]: (np.array(line["x"]), np.array(line["y"]))
        for line in told["panels"][0]["series"]
    }


def test_each_nearest_key_gets_one_share(execution, numbers):
    with np.load(execution.folder / "arrays" / "three-weightings.npz") as file:
        smooth, flat, nearest = file["weightings"]
    k = numbers["k_nearest"]
    assert ((nearest > 0).sum(axis=1) == k).all()
    np.testing.assert_allclose(nearest[nearest > 0], 1 / k, rtol=1e-6)
    assert (smooth > 0).sum() > (flat > 0).sum()  # soft edges
    rows = [row[row > 0] for row in flat]
    assert all(np.ptp(row) < 1e-6 for row in rows)  # all within reach alike
    assert len({len(row) for row in rows}) > 1  # not always as many


def test_the_shape_matters_little_and_steps_cost(numbers):
    assert numbers["worst_kernel_error"] < 1.3 * numbers["lowest_error"]
    assert numbers["nearest_error"] > numbers["worst_kernel_error"]
    assert 0 < numbers["most_unanswered"] < numbers["n_runs"]


def test_a_local_line_has_its_centre_on_the_query(execution, numbers):
    drawn = lines(execution, "weights-at-the-border")
    keys, average = drawn["weighted average"]
    _, line = drawn["local line"]
    for weights in (average, line):
        assert weights.sum() == pytest.approx(1, abs=1e-4)
    assert numbers["centre_average"] == pytest.approx(average @ keys, rel=1e-4)
    assert abs(line @ keys) < 1e-4
    assert numbers["negative"] == pytest.approx(-line[line < 0].sum(), rel=1e-3)
    # The closed form of weighted least squares, on its own.
    design = np.stack([np.ones_like(keys), keys])
    height = np.linalg.solve(design * average @ design.T, design * average)[0]
    np.testing.assert_allclose(line, height, atol=1e-4)


def test_features_of_no_use_ruin_one_w_and_not_several(execution, numbers):
    drawn = lines(execution, "curse-of-dimensionality")
    one, several = drawn["one w"][1], drawn["one w per feature"][1]
    assert (np.diff(one) > 0).all()
    assert one[-1] > 20 * one[0]
    assert (several[1:] < one[1:] / 2).all()
    assert numbers["last_several"] < numbers["last_one"] / 3


def test_more_dimensions_fall_more_slowly(execution, numbers):
    slopes = [numbers[f"slope_{d}"] for d in (1, 2, 4)]
    assert slopes == sorted(slopes, reverse=True)
    for d, slope in zip((1, 2, 4), slopes, strict=True):
        assert slope == pytest.approx(4 / (4 + d), abs=0.15)
        x, y = lines(execution, "rates")[f"d = {d}"]
        assert slope == pytest.approx(-np.log(y[-1] / y[0]) / np.log(x[-1] / x[0]), rel=1e-3)


def test_a_million_keys_are_pooled_as_by_the_table(numbers):
    assert numbers["terabytes"] == 4
    assert numbers["off_by"] < 1e-5


def test_outputs_that_the_prose_leans_on_are_there(execution):
    assert execution.results["adaptive-boxcar"].text.strip() == "True"
    said = execution.results["no-gradient"].text
    without = [line.split()[0] for line in said.splitlines() if line.endswith("False")]
    assert without == ["boxcar"]
