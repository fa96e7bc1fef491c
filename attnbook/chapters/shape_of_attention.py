"""The shape of attention: kernels, borders, several features, rates.

Cells for docs/zh/kernels.md and docs/en/kernels.md. The file is also
plain Python: run it, and it prints every output.
"""

# %% imports
import matplotlib.pyplot as plt
import torch

from attnbook import (
    attention_pooling,
    attention_weights,
    boxcar,
    epanechnikov,
    gaussian,
    mean_squared_error,
    select_w,
    toy_data,
    triangular,
)
from attnbook.plotting import show_heatmaps

plt.style.use("attnbook.book")
kernels = [gaussian, boxcar, triangular, epanechnikov]

# %% kernel-shapes
u = torch.linspace(-2.5, 2.5, 201)

fig, ax = plt.subplots()
for kernel, style in zip(kernels, ["-", "--", ":", "-."], strict=True):
    ax.plot(u, kernel(u), style, label=kernel.__name__)
ax.set(xlabel="distance in bandwidths", ylabel="density")
legend = ax.legend(fontsize=9)


# %% nearest-neighbours
def nearest_weights(queries, keys, k):
    distances = (queries.unsqueeze(-1) - keys).abs()
    nearest = distances.topk(k, largest=False).indices
    return torch.zeros_like(distances).scatter(-1, nearest, 1 / k)


def select_k(keys, values):
    distances = (keys.unsqueeze(-1) - keys).abs()
    order = distances.fill_diagonal_(torch.inf).argsort(dim=1)[:, :-1]
    counts = torch.arange(1, len(keys))
    predictions = values[order].cumsum(dim=1) / counts
    losses = ((predictions - values.unsqueeze(1)) ** 2).sum(dim=0)
    return int(counts[losses.argmin()])


nearest_weights(torch.tensor([1.0]), torch.tensor([0.0, 0.9, 2.0]), k=2)

# %% three-weightings
data = toy_data(50, generator=torch.Generator().manual_seed(100))
x, y, queries = data.x_train, data.y_train, data.x_test
w_gaussian = select_w(x, y)
w_boxcar = select_w(x, y, kernel=boxcar)
k_nearest = select_k(x, y)
weightings = torch.stack(
    [
        attention_weights(queries, x, w=w_gaussian),
        attention_weights(queries, x, w=w_boxcar, kernel=boxcar),
        nearest_weights(queries, x, k_nearest),
    ]
)

fig = show_heatmaps(
    weightings.unsqueeze(0),
    xlabel="Keys",
    ylabel="Queries",
    titles=["Gaussian", "boxcar", "nearest"],
    figsize=(4.4, 2.1),
    keys=x,
    queries=queries,
)
print(f"Gaussian w = {w_gaussian:.2f}")
print(f"boxcar   w = {w_boxcar:.2f}")
print(f"nearest  k = {k_nearest}")

# %% five-compared
n_runs = 40
errors = {name.__name__: [] for name in kernels} | {"nearest": []}
unanswered = dict.fromkeys(errors, 0)
for seed in range(n_runs):
    sample = toy_data(50, generator=torch.Generator().manual_seed(seed))
    x_i, y_i = sample.x_train, sample.y_train
    guesses = {
        kernel.__name__: attention_pooling(
            sample.x_test,
            x_i,
            y_i,
            w=select_w(x_i, y_i, kernel=kernel),
            kernel=kernel,
        )
        for kernel in kernels
    }
    weights = nearest_weights(sample.x_test, x_i, select_k(x_i, y_i))
    guesses["nearest"] = weights @ y_i
    for name, guess in guesses.items():
        unanswered[name] += bool(guess.isnan().any())
        errors[name].append((guess - sample.y_truth).square().nanmean())

medians = {
    name: float(torch.stack(several).quantile(0.5))
    for name, several in errors.items()
}
print("weights        error   runs with a query unanswered")
for name, error in medians.items():
    print(f"{name:13}{error:7.3f}{unanswered[name]:8d}")
nearest_error = medians["nearest"]
of_kernels = [medians[kernel.__name__] for kernel in kernels]
lowest_error, worst_kernel_error = min(of_kernels), max(of_kernels)
most_unanswered = max(unanswered.values())

# %% weights-at-the-border
at_border = torch.zeros(1)
average = attention_weights(at_border, x, w=1.0)[0]
offsets = x - at_border
mean_offset = average @ offsets
spread = average @ offsets**2 - mean_offset**2
line = average * (1 - (offsets - mean_offset) * mean_offset / spread)

fig, ax = plt.subplots()
ax.axhline(0, color="0.5", linewidth=1)
ax.plot(x, average, "-o", markersize=4, label="weighted average")
ax.plot(x, line, "--s", markersize=4, label="local line")
ax.set(xlabel="key", ylabel="weight of the key's value")
legend = ax.legend()
negative = -float(line.clamp(max=0).sum())
centre_average, centre_line = float(average @ x), float(line @ x)
print(f"sums: {average.sum():.3f} and {line.sum():.3f}")
print(f"mean position: {centre_average:.2f} and {abs(centre_line):.2f}")
print(f"negative weight of the line: {negative:.2f}")


# %% curse-of-dimensionality
def left_out_loss(points, values, w):
    squares = ((points.unsqueeze(1) - points) * w).square().sum(dim=-1)
    squares = squares + torch.zeros_like(squares).fill_diagonal_(torch.inf)
    return mean_squared_error(
        torch.softmax(-squares / 2, dim=1) @ values, values
    )


def errors_in(d, n=120):
    generator = torch.Generator().manual_seed(d)
    points = torch.rand(n, d, generator=generator)
    new = torch.rand(500, d, generator=generator)
    noise = 0.3 * torch.randn(n, generator=generator)
    values = torch.sin(6 * points[:, 0]) + noise

    def error(w):
        squares = ((new.unsqueeze(1) - points) * w).square().sum(dim=-1)
        guess = torch.softmax(-squares / 2, dim=1) @ values
        return float(mean_squared_error(guess, torch.sin(6 * new[:, 0])))

    tried = torch.logspace(-0.5, 1.7, 45)
    losses = torch.stack([left_out_loss(points, values, w) for w in tried])
    one_w = tried[losses.argmin()]
    several_w = one_w.repeat(d).requires_grad_()
    optimizer = torch.optim.Adam([several_w], lr=0.2)
    for _ in range(120):
        optimizer.zero_grad()
        left_out_loss(points, values, several_w).backward()
        optimizer.step()
    return error(one_w), error(several_w.detach())


dimensions = [1, 2, 4, 8, 16]
with_one, with_several = zip(*map(errors_in, dimensions), strict=True)

fig, ax = plt.subplots()
ax.loglog(dimensions, with_one, "-o", label="one w")
ax.loglog(dimensions, with_several, "--s", label="one w per feature")
ax.set(xlabel="number of features", ylabel="mean squared error")
ax.set_xticks(dimensions, [str(d) for d in dimensions])
ax.minorticks_off()
legend = ax.legend()
first_one, last_one = with_one[0], with_one[-1]
last_several = with_several[-1]
print("features  one w  one per feature")
for row in zip(dimensions, with_one, with_several, strict=True):
    print(f"{row[0]:8d}{row[1]:7.3f}{row[2]:17.3f}")


# %% rates
def curve(points):
    return torch.sin(6 * points).sum(dim=1) / points.shape[1] ** 0.5


def best_error(d, n, draws=8):
    generator = torch.Generator().manual_seed(n + d)
    new = 0.2 + 0.6 * torch.rand(200, d, generator=generator)
    tried = torch.logspace(0.6, 1.8, 16)
    errors = torch.zeros(len(tried))
    for _ in range(draws):
        points = torch.rand(n, d, generator=generator)
        noise = 0.3 * torch.randn(n, generator=generator)
        values = curve(points) + noise
        squares = torch.cdist(new, points).square()
        for i, w in enumerate(tried):
            guess = torch.softmax(-squares * w**2 / 2, dim=1) @ values
            errors[i] += mean_squared_error(guess, curve(new)) / draws
    return float(errors.min())


sizes = [500, 2000, 8000]
slopes = {}
fig, ax = plt.subplots()
for d, style in [(1, "-o"), (2, "--s"), (4, ":^")]:
    found = [best_error(d, n) for n in sizes]
    ax.loglog(sizes, found, style, label=f"d = {d}")
    fall = torch.tensor(found[0] / found[-1]).log()
    slopes[d] = float(fall / torch.tensor(sizes[-1] / sizes[0]).log())
    print(f"d = {d}: slope -{slopes[d]:.2f}, theory -{4 / (4 + d):.2f}")
ax.set(xlabel="number of training points", ylabel="mean squared error")
ax.set_xticks(sizes, [str(n) for n in sizes])
ax.minorticks_off()
legend = ax.legend()
slope_1, slope_2, slope_4 = slopes.values()

# %% a-million-keys
n_many = 1_000_000
many = toy_data(n_many, generator=torch.Generator().manual_seed(0))
everywhere = torch.linspace(0, 5, n_many)
w_many = 60.0
fitted = attention_pooling(everywhere, many.x_train, many.y_train, w=w_many)

some = torch.arange(0, n_many, 100_000)
exact = attention_pooling(
    everywhere[some].double(),
    many.x_train.double(),
    many.y_train.double(),
    w=w_many,
    method="table",
)
terabytes = n_many**2 * 4 / 1e12
off_by = (fitted[some].double() - exact).abs().max()
print(f"the table would take {terabytes:.0f} TB")
print(f"largest difference at {len(some)} queries: {off_by:.0e}")

# %% adaptive-boxcar
distances = (queries.unsqueeze(1) - x).abs()
reach = distances.topk(k_nearest, largest=False).values[:, -1:]
density = boxcar(distances / reach)
adaptive = density / density.sum(dim=1, keepdim=True)
torch.allclose(adaptive, nearest_weights(queries, x, k_nearest))

# %% no-gradient
for kernel in kernels:
    w = torch.tensor(2.0, requires_grad=True)
    prediction = attention_pooling(x, x, y, w=w, kernel=kernel)
    print(f"{kernel.__name__:13} gradient in w: {prediction.requires_grad}")
