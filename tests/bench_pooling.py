"""What pooling and choosing w cost by the number of points: ``nox -s bench``.

For each task and size the contestants take turns in one process, so that whatever else the machine
does meets them alike; what counts is the ratio of two times of one turn, and of these the median,
with the quartiles beside it. Errors are relative to the largest value, against the table in float64
at some of the queries. It is run by hand: timing is no test.

Writes ``results.json``, ``report.md`` and a plot for each task.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

import attnbook
from attnbook import attention_pooling, leave_one_out_loss, select_w, toy_data, train

W = 7.0  # near the best w of the book's data at n = 50
TOO_LONG = 6.0  # seconds that one run of a contestant may be expected to take
LIMIT_OF_TABLE = 20_000  # more queries than these, and a table does not fit into most memories
AUTO, SOURCE = "attnbook", "the source's way"


@dataclass
class Contestant:
    """A way to do a task: ``run`` gives what is compared, a prediction or a loss."""

    run: Callable[[], Tensor]
    grows: int  # its time grows as this power of n
    makes_table: bool = False


def pooled_by_source(queries: Tensor, keys: Tensor, values: Tensor, w: Tensor) -> Tensor:
    """The steps of the source note: queries repeated for every key, softmax, batched product."""
    repeated = queries.repeat_interleave(len(keys)).reshape(-1, len(keys))
    weights = torch.softmax(-(((repeated - keys) * w) ** 2) / 2, dim=1)
    rows = values.expand(len(queries), -1).unsqueeze(-1)
    return torch.bmm(weights.unsqueeze(1), rows).reshape(-1)


def pooled_by_torch(queries: Tensor, keys: Tensor, values: Tensor, w: Tensor) -> Tensor:
    """Fused attention with the prior of each key as its mask, on centred positions."""
    middle = keys.mean()
    q, k = ((x - middle).reshape(1, 1, -1, 1) * w for x in (queries, keys))
    prior = (-k.square() / 2).mT.expand(1, 1, len(queries), len(keys))
    rows = values.reshape(1, 1, -1, 1)
    return scaled_dot_product_attention(q, k, rows, attn_mask=prior, scale=1.0).flatten()


def pooled_by_binning(queries: Tensor, keys: Tensor, values: Tensor, w: float) -> Tensor:
    """Linear binning and a convolution by FFT, with 64 cells to a bandwidth, at least 4,096."""
    x, y, at = (tensor.double().numpy() for tensor in (keys, values, queries))
    low, high = min(x.min(), at.min()), max(x.max(), at.max())
    n = max(4096, int((high - low) * w * 64)) + 1
    step = (high - low) / (n - 1)

    def cells(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        place = (points - low) / step
        left = np.minimum(place.astype(int), n - 2)
        return left, place - left

    left, share = cells(x)
    half = int(6 / (w * step)) + 1
    kernel = np.exp(-((np.arange(-half, half + 1) * step * w) ** 2) / 2)
    size = 1 << (n + 2 * half).bit_length()
    spectrum, sums = np.fft.rfft(kernel, size), []
    for column in (np.ones_like(y), y):
        counts = np.bincount(left, column * (1 - share), n)
        counts += np.bincount(left + 1, column * share, n)
        sums.append(np.fft.irfft(np.fft.rfft(counts, size) * spectrum, size)[half : half + n])
    left, share = cells(at)
    ones, weighted = (part[left] * (1 - share) + part[left + 1] * share for part in sums)
    return torch.from_numpy(weighted / ones).to(values.dtype)


def with_gradient(pool: Callable[..., Tensor], *data: Tensor) -> Callable[[], Tensor]:
    """Pool, and take the derivative of the sum in w; give the predictions."""

    def run() -> Tensor:
        w = torch.tensor(W, dtype=data[0].dtype, requires_grad=True)
        prediction = pool(*data, w)
        prediction.sum().backward()
        return prediction.detach()

    return run


def by_attnbook(queries: Tensor, keys: Tensor, values: Tensor, w: Tensor) -> Tensor:
    """What a user calls."""
    return attention_pooling(queries, keys, values, w=w)


def pooling(n: int) -> dict[str, Contestant]:
    """Predict at n queries from n keys."""
    data, w = sample(n), torch.tensor(W)
    wide = [tensor.double() for tensor in data]
    return {
        AUTO: Contestant(lambda: by_attnbook(*data, w), 1),
        "attnbook, float64": Contestant(lambda: by_attnbook(*wide, w.double()), 1),
        "attnbook, table": Contestant(
            lambda: attention_pooling(*data, w=w, method="table"), 2, makes_table=True
        ),
        SOURCE: Contestant(lambda: pooled_by_source(*data, w), 2, makes_table=True),
        "torch, fused": Contestant(lambda: pooled_by_torch(*data, w), 2, makes_table=True),
        "binning and FFT": Contestant(lambda: pooled_by_binning(*data, W), 1),
    }


def gradient(n: int) -> dict[str, Contestant]:
    """Predict at n queries from n keys, and differentiate in w."""
    data = sample(n)
    return {
        AUTO: Contestant(with_gradient(by_attnbook, *data), 1),
        SOURCE: Contestant(with_gradient(pooled_by_source, *data), 2, makes_table=True),
        "torch, fused": Contestant(with_gradient(pooled_by_torch, *data), 2, makes_table=True),
    }


def choosing(n: int) -> dict[str, Contestant]:
    """Choose w for n points; what is compared is the leave-one-out loss that it has."""
    _, x, y = sample(n)

    def loss(w: float) -> Tensor:
        return leave_one_out_loss(x.double(), y.double(), w)

    def trained(epochs: int) -> Callable[[], Tensor]:
        def run() -> Tensor:
            net = attnbook.NWKernelRegression(generator=torch.Generator().manual_seed(0))
            return torch.tensor(train(net, x, y, epochs=epochs, learning_rate=0.5).w[-1])

        return run

    found: dict[str, Callable[[], Tensor]] = {
        AUTO: lambda: torch.tensor(select_w(x, y), dtype=torch.float64),
        "training, 5 steps": trained(5),
        "training, 200 steps": trained(200),
    }
    return {
        name: Contestant(run, 1 if name == AUTO else 2, makes_table=name != AUTO)
        for name, run in found.items()
    } | {"": Contestant(lambda: loss(0.0), 1)}


TASKS = {
    "pooling": (pooling, [50, 1_000, 10_000, 100_000, 1_000_000]),
    "gradient in w": (gradient, [50, 1_000, 10_000, 100_000, 1_000_000]),
    "choosing w": (choosing, [50, 1_000, 10_000]),
}


def sample(n: int) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values of the book's data: queries beside the keys."""
    data = toy_data(n, generator=torch.Generator().manual_seed(0))
    queries = torch.rand(n, generator=torch.Generator().manual_seed(1)) * 5
    return queries.sort().values, data.x_train, data.y_train
