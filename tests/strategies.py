"""Hypothesis strategies for attention pooling, and how exact each dtype is asked to be."""

from typing import NamedTuple

import torch
from hypothesis import strategies as st

import attnbook

KERNELS = [attnbook.gaussian, attnbook.boxcar, attnbook.triangular, attnbook.epanechnikov]
COMPACT = KERNELS[1:]
DTYPES = [torch.float32, torch.float64]
TOLERANCE = {
    torch.float32: {"rtol": 1e-4, "atol": 1e-4},
    torch.float64: {"rtol": 1e-11, "atol": 1e-11},
}

# Positions are multiples of 1/64 within ±8, so that differences and shifts are exact in both
# dtypes, and what a property says about real numbers holds without rounding.
STEP = 64


class Problem(NamedTuple):
    """Queries, and keys and values that pair up."""

    queries: torch.Tensor
    keys: torch.Tensor
    values: torch.Tensor


def positions() -> st.SearchStrategy[float]:
    return st.integers(-8 * STEP, 8 * STEP).map(lambda i: i / STEP)


def inverse_bandwidths() -> st.SearchStrategy[float]:
    return st.floats(-64, 64)


def kernels() -> st.SearchStrategy:
    return st.sampled_from(KERNELS)


@st.composite
def problems(draw: st.DrawFn, *, rows: bool | None = None, max_keys: int = 12) -> Problem:
    """Draw a problem; with ``rows`` every query has keys and values of its own."""
    dtype = draw(st.sampled_from(DTYPES))
    n_queries, n_keys = draw(st.integers(1, 6)), draw(st.integers(1, max_keys))
    rows = draw(st.booleans()) if rows is None else rows
    shape = (n_queries, n_keys) if rows else (n_keys,)

    def tensor(numbers: st.SearchStrategy[float], *shape: int) -> torch.Tensor:
        size = torch.Size(shape).numel()
        flat = draw(st.lists(numbers, min_size=size, max_size=size))
        return torch.tensor(flat, dtype=dtype).reshape(shape)

    values = st.floats(-100, 100, width=32)
    return Problem(
        tensor(positions(), n_queries), tensor(positions(), *shape), tensor(values, *shape)
    )


@st.composite
def distributions(draw: st.DrawFn) -> torch.Tensor:
    """Draw a (rows, columns) matrix whose rows are nonnegative and sum to 1."""
    dtype = draw(st.sampled_from(DTYPES))
    n_rows, n_columns = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    masses = draw(
        st.lists(
            st.lists(st.integers(0, 9), min_size=n_columns, max_size=n_columns).filter(any),
            min_size=n_rows,
            max_size=n_rows,
        )
    )
    matrix = torch.tensor(masses, dtype=dtype)
    return matrix / matrix.sum(dim=1, keepdim=True)
