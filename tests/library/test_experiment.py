"""The source's experiment on 200 seeds: what the book says of it is true of this code."""

from itertools import pairwise
from statistics import median

import numpy as np
import pytest
import torch

import attnbook

pytestmark = pytest.mark.slow

SEEDS = range(200)


def experiment(seed):
    """Run the chapter's experiment, everything from one generator."""
    generator = torch.Generator().manual_seed(seed)
    data = attnbook.toy_data(generator=generator)
    net = attnbook.NWKernelRegression(generator=generator)
    history = attnbook.train(net, data.x_train, data.y_train)
    optimum = attnbook.select_w(data.x_train, data.y_train)
    best = attnbook.leave_one_out_loss(data.x_train, data.y_train, optimum).item()
    result = {
        "seed": seed,
        "w": history.w,
        "w trained": history.w[-1],
        "w optimum": optimum,
        "regret": history.loss[-1] / best - 1,
        "error average": attnbook.mean_squared_error(
            attnbook.average_pooling(data.x_test, data.y_train), data.y_truth
        ).item(),
    }
    for name, w in {"one": 1.0, "trained": history.w[-1], "optimum": optimum}.items():
        weights = attnbook.attention_weights(data.x_test, data.x_train, w=w)
        fit = attnbook.attention_pooling(data.x_test, data.x_train, data.y_train, w=w)
        result[f"error {name}"] = attnbook.mean_squared_error(fit, data.y_truth).item()
        result[f"roughness {name}"] = float(np.abs(np.diff(fit.numpy(), n=2)).sum())
        result[f"neighbours {name}"] = attnbook.effective_neighbours(weights).mean().item()
    return result


@pytest.fixture(scope="module")
def runs():
    return [experiment(seed) for seed in SEEDS]


def middle(runs, name):
    return median(run[name] for run in runs)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("error average", 0.86, 0.94),
        ("error one", 0.38, 0.44),
        ("error trained", 0.10, 0.14),
        ("error optimum", 0.05, 0.07),
        ("w trained", 12.5, 15.0),
        ("w optimum", 3.9, 4.5),
        ("roughness one", 0.15, 0.20),
        ("roughness optimum", 1.3, 1.7),
        ("roughness trained", 11.0, 13.5),
        ("neighbours one", 30.0, 33.5),
        ("neighbours optimum", 8.6, 10.0),
        ("neighbours trained", 2.9, 3.5),
    ],
)
def test_the_median_is_what_the_book_says(runs, name, low, high):
    assert low < middle(runs, name) < high


def test_the_optimum_is_a_little_rougher_than_the_truth_and_always_than_one(runs):
    y = attnbook.toy_data(generator=torch.Generator()).y_truth
    truth = attnbook.roughness(y).item()
    assert truth == pytest.approx(0.72, abs=0.01)
    assert 0.9 < sum(run["roughness optimum"] > truth for run in runs) / len(runs) < 1
    assert all(run["roughness optimum"] > run["roughness one"] for run in runs)


def test_the_first_step_makes_nearly_the_whole_movement(runs):
    shares = []
    for run in runs:
        steps = [abs(b - a) for a, b in pairwise(run["w"])]
        shares.append(steps[0] / sum(steps))
    assert 0.94 < median(shares) < 0.98


def test_training_rarely_reaches_the_optimum(runs):
    assert 20 <= sum(run["regret"] < 0.01 for run in runs) <= 40


def test_training_never_beats_the_optimum(runs):
    assert all(run["regret"] > -1e-5 for run in runs)


def test_where_w_ends_follows_where_it_started(runs):
    ends = torch.tensor([[run["w"][0], run["w"][-1]] for run in runs])
    assert 0.55 < torch.corrcoef(ends.T)[0, 1].item() < 0.77


def test_a_few_runs_never_leave_zero_and_are_average_pooling(runs):
    stuck = [run for run in runs if abs(run["w trained"]) < 0.1]
    assert 2 <= len(stuck) <= 9
    for run in stuck:
        assert run["error trained"] == pytest.approx(run["error average"], rel=0.02)
        assert run["roughness trained"] < 0.1


def test_selection_finds_the_best_of_a_dense_grid_on_every_seed(runs):
    grid = torch.logspace(-2, 3, 300)
    for run in runs:
        data = attnbook.toy_data(generator=torch.Generator().manual_seed(run["seed"]))
        losses = attnbook.leave_one_out_loss(data.x_train, data.y_train, grid)
        chosen = attnbook.leave_one_out_loss(data.x_train, data.y_train, run["w optimum"])
        assert chosen <= losses.min() * (1 + 1e-5)
