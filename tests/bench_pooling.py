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
    """Choose w for n points."""
    _, x, y = sample(n)

    def trained(epochs: int) -> Callable[[], Tensor]:
        def run() -> Tensor:
            net = attnbook.NWKernelRegression(generator=torch.Generator().manual_seed(0))
            return torch.tensor(train(net, x, y, epochs=epochs, learning_rate=0.5).w[-1])

        return run

    found: dict[str, Callable[[], Tensor]] = {
        AUTO: lambda: torch.tensor(select_w(x, y)),
        "training, 5 steps": trained(5),
        "training, 200 steps": trained(200),
    }
    return {
        name: Contestant(run, 1 if name == AUTO else 2, makes_table=name != AUTO)
        for name, run in found.items()
    }


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


def error(task: str, n: int, result: Tensor) -> float:
    """How far off a result is: a prediction in units of the largest value, a w by its loss.

    The loss that a w has beyond that of attnbook's, relative to it: below 0 it is better.
    """
    queries, keys, values = (tensor.double() for tensor in sample(n))
    if task == "choosing w":
        losses = [
            leave_one_out_loss(keys, values, w) for w in (select_w(keys, values), result.double())
        ]
        return float(losses[1] / losses[0] - 1)
    some = torch.linspace(0, n - 1, 20).long()
    exact = attention_pooling(queries[some], keys, values, w=W, method="table")
    return float((result[some].double() - exact).abs().max() / values.abs().max())


def turns(contestants: dict[str, Contestant]) -> tuple[dict[str, list[float]], dict[str, Tensor]]:
    """Let them take turns for two seconds, three times at least: seconds of each, and results."""
    results = {name: one.run() for name, one in contestants.items()}  # nobody is measured cold
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    end, names = time.perf_counter() + 2, list(contestants)
    while len(seconds[AUTO]) < 3 or (time.perf_counter() < end and len(seconds[AUTO]) < 300):
        for name in names:
            start = time.perf_counter()
            contestants[name].run()
            seconds[name].append(time.perf_counter() - start)
        names.append(names.pop(0))  # nobody is always after the same one
    return seconds, results


def spread(numbers: list[float]) -> list[float]:
    """First quartile, median, third quartile."""
    first, _, third = quantiles(numbers, n=4)
    return [first, median(numbers), third]


def measure(task: str, largest: int) -> Iterator[dict[str, object]]:
    """Measure a task at every size, and give a row for each contestant and size."""
    make, sizes = TASKS[task]
    last: dict[str, tuple[int, float]] = {}
    for n in (size for size in sizes if size <= largest):
        print(f"{task}: n = {n:,} …", end="", flush=True)
        contestants = {
            name: one
            for name, one in make(n).items()
            if not (one.makes_table and n > LIMIT_OF_TABLE)
            and (name not in last or last[name][1] * (n / last[name][0]) ** one.grows < TOO_LONG)
        }
        seconds, results = turns(contestants)
        for name in contestants:
            ratios = [a / b for a, b in zip(seconds[name], seconds[AUTO], strict=True)]
            last[name] = n, median(seconds[name])
            yield {
                "task": task,
                "n": n,
                "contestant": name,
                "seconds": spread(seconds[name]),
                "times_attnbook": spread(ratios),
                "error": error(task, n, results[name]),
                "turns": len(ratios),
            }
        print(f" {len(contestants)} contestants, {len(seconds[AUTO])} turns", flush=True)


def plot(task: str, rows: list[dict], path: Path) -> None:
    """Draw time against n, both axes logarithmic, a line for each contestant."""
    fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
    for name, marker in zip(
        dict.fromkeys(row["contestant"] for row in rows), "osv^DP", strict=False
    ):
        of_it = [row for row in rows if row["contestant"] == name]
        ax.loglog(
            [row["n"] for row in of_it],
            [1e3 * row["seconds"][1] for row in of_it],
            marker=marker,
            label=name,
        )
    ax.set(xlabel="n", ylabel="milliseconds", title=task)
    ax.legend(fontsize=9)
    fig.savefig(path)
    plt.close(fig)


def report(rows: list[dict], machine: dict[str, object]) -> str:
    """Put the rows into words: a table for each task, and where attnbook loses."""
    lines = ["# Pooling and choosing w, measured", ""]
    lines += [", ".join(f"{name} {value}" for name, value in machine.items()) + ".", ""]
    lines += [
        "Times are medians. The ratio says how many times as long as attnbook a contestant takes in"
        " the same turn: median, and quartiles in brackets. Errors are relative to the largest"
        " value; for a chosen w, how much more leave-one-out loss it has than attnbook's.",
        "",
    ]
    for task in dict.fromkeys(row["task"] for row in rows):
        lines += [f"## {task}", "", f"![{task}]({name_of(task)}.svg)", ""]
        lines += ["| n | contestant | ms | ratio | error |", "| --- | --- | --- | --- | --- |"]
        for row in (row for row in rows if row["task"] == task):
            first, middle, third = row["times_attnbook"]
            lines.append(
                f"| {row['n']:,} | {row['contestant']} | {1e3 * row['seconds'][1]:.3g} |"
                f" {middle:.3g} ({first:.3g}–{third:.3g}) | {row['error']:.0e} |"
            )
        lines.append("")
    lost = [
        row
        for row in rows
        if row["times_attnbook"][1] < 1 and not row["contestant"].startswith(AUTO)
    ]
    lines += ["## Where attnbook is the slower", ""]
    lines += [
        f"- {row['task']}, n = {row['n']:,}: {row['contestant']} takes"
        f" {row['times_attnbook'][1]:.2f} of the time, error {row['error']:.0e}"
        for row in lost
    ] or ["Nowhere."]
    return "\n".join(lines) + "\n"


def name_of(task: str) -> str:
    """The name of a task's plot, without its ending."""
    return task.replace(" ", "-")


def main() -> None:
    """Measure, and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=1_000_000, help="no more points than these")
    parser.add_argument("--threads", type=int, default=1, help="of torch")
    parser.add_argument("--to", type=Path, default=Path("dist/bench"), help="folder to write to")
    parser.add_argument("--task", choices=TASKS, nargs="*", default=list(TASKS))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    machine: dict[str, object] = {
        "attnbook": attnbook.__version__,
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "threads": options.threads,
    }
    rows = [row for task in options.task for row in measure(task, options.largest)]
    options.to.mkdir(parents=True, exist_ok=True)
    (options.to / "results.json").write_text(
        json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n", "utf-8"
    )
    (options.to / "report.md").write_text(report(rows, machine), "utf-8")
    for task in options.task:
        of_task = [row for row in rows if row["task"] == task]
        plot(task, of_task, options.to / f"{name_of(task)}.svg")
    print(f"see {options.to / 'report.md'}")


if __name__ == "__main__":
    sys.exit(main())
