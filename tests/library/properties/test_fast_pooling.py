"""Properties of pooling without the table: it is the table, wherever keys and queries lie."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from attnbook import attention_pooling, fast_pooling, gaussian, leave_one_out_pairs
from strategies import STEP, Problem, inverse_bandwidths, kernels

# From nearly average pooling to only the nearest, evenly in log w.
SPREAD = st.floats(-3, 4).map(lambda power: 10.0**power)


@st.composite
def scattered(draw: st.DrawFn, min_keys: int = 1) -> Problem:
    """Draw clusters of keys, wide or narrow, near or far from each other, in any order."""
    places, values = [], st.floats(-100, 100, width=32)
    for _ in range(draw(st.integers(1, 3))):
        centre, step = draw(st.integers(-(10**6), 10**6)), draw(st.sampled_from([0, 1, 64, 4096]))
        offsets = draw(st.lists(st.integers(-8, 8), min_size=1, max_size=8))
        places += [centre + step * offset / STEP for offset in offsets]
    places += draw(st.lists(st.sampled_from(places), min_size=max(0, min_keys - len(places))))
    queries = draw(st.lists(st.sampled_from(places), min_size=1, max_size=4))
    queries += [q + draw(st.integers(-512, 512)) / STEP for q in queries]
    keys = torch.tensor(draw(st.permutations(places)), dtype=torch.float64)
    of_keys = draw(st.lists(values, min_size=len(places), max_size=len(places)))
    return Problem(
        torch.tensor(queries, dtype=torch.float64),
        keys,
        torch.tensor(of_keys, dtype=torch.float64),
    )


@given(problem=scattered(), w=inverse_bandwidths() | SPREAD, kernel=kernels())
def test_it_is_the_table(problem, w, kernel):
    expected = attention_pooling(*problem, w=w, kernel=kernel)
    result = fast_pooling.pool(*problem, w, kernel)
    scale = float(problem.values.abs().max())
    assert_close(result, expected, rtol=0, atol=2e-12 * scale + 1e-300, equal_nan=True)


@given(problem=scattered(min_keys=2), w=inverse_bandwidths() | SPREAD, kernel=kernels())
def test_leave_one_out_is_the_table_of_the_others(problem, w, kernel):
    _, keys, values = problem
    others = leave_one_out_pairs(keys), leave_one_out_pairs(values)
    expected = attention_pooling(keys, *others, w=w, kernel=kernel)
    result = fast_pooling.leave_one_out(keys, values, w, kernel)
    scale = float(values.abs().max())
    assert_close(result, expected, rtol=0, atol=2e-12 * scale + 1e-300, equal_nan=True)


@given(problem=scattered(), w=SPREAD, factor=st.sampled_from([-0.5, 2.0, 1024.0]))
def test_a_power_of_two_may_pass_from_keys_to_w(problem, w, factor):
    queries, keys, values = problem
    result = fast_pooling.pool(queries * factor, keys * factor, values, w / factor, gaussian)
    expected = fast_pooling.pool(queries, keys, values, w, gaussian)
    assert_close(result, expected, rtol=0, atol=2e-12 * float(values.abs().max()) + 1e-300)
