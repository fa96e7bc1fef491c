"""10.2 Attention pooling: Nadaraya–Watson kernel regression.

Cells for docs/zh/nadaraya-watson.md and docs/en/nadaraya-watson.md. The
file is also plain Python: run it, and it prints every output.
"""

# %% imports
import matplotlib.pyplot as plt
import torch
from torch import nn

from attnbook import kernels, pooling
from attnbook.cross_validation import leave_one_out_loss, select_w
from attnbook.data import toy_data, truth
from attnbook.diagnostics import (
    effective_neighbours,
    mean_squared_error,
    roughness,
)
from attnbook.plotting import (
    plot_loss,
    plot_regression,
    plot_steps,
    show_heatmaps,
)
from attnbook.training import leave_one_out_pairs, train

plt.style.use("attnbook.book")

# %% generate-data
seed, noise = 100, 0.5
generator = torch.Generator().manual_seed(seed)
data = toy_data(50, noise=noise, generator=generator)
x_train, y_train, x_test, y_truth = (
    data.x_train,
    data.y_train,
    data.x_test,
    data.y_truth,
)
n_train, n_test = len(x_train), len(x_test)
n_test

# %% toy-data
fig, ax = plt.subplots()
artists = plot_regression(ax, data)

# %% average-pooling-fit
mean_level = y_train.mean()
y_average = mean_level.expand(n_test)
mse_average = mean_squared_error(y_average, y_truth)

fig, ax = plt.subplots()
artists = plot_regression(ax, data, y_average)
print(f"mean squared error: {mse_average:.3f}")

# %% kernel-is-softmax
distances = x_test.unsqueeze(1) - x_train
kernel_weights = kernels.gaussian(distances)
kernel_weights = kernel_weights / kernel_weights.sum(dim=1, keepdim=True)

attention_weights = torch.softmax(-(distances**2) / 2, dim=1)

print(attention_weights.shape)
print(torch.allclose(kernel_weights, attention_weights))
print(torch.allclose(attention_weights.sum(dim=1), torch.ones(n_test)))
largest_weight = attention_weights.max()

# %% nonparametric-fit
y_nonparametric = attention_weights @ y_train
mse_nonparametric = mean_squared_error(y_nonparametric, y_truth)
left_end = y_nonparametric[0]

fig, ax = plt.subplots()
artists = plot_regression(ax, data, y_nonparametric)
print(f"mean squared error: {mse_nonparametric:.3f}")

# %% nonparametric-heatmap
fig = show_heatmaps(
    attention_weights.reshape(1, 1, n_test, n_train),
    xlabel="Sorted training inputs",
    ylabel="Sorted testing inputs",
    figsize=(4.4, 3.6),
    keys=x_train,
    queries=x_test,
)

# %% batch-shapes
X = torch.ones((2, 1, 4))
Y = torch.ones((2, 4, 6))
torch.bmm(X, Y).shape

# %% batch-weighted-averages
weights = torch.ones((2, 10)) * 0.1
values = torch.arange(20.0).reshape((2, 10))
torch.bmm(weights.unsqueeze(1), values.unsqueeze(-1))


# %% model
class NWKernelRegression(nn.Module):
    def __init__(self, generator):
        super().__init__()
        self.w = nn.Parameter(torch.rand(1, generator=generator))

    def forward(self, queries, keys, values):
        distances = queries.unsqueeze(1) - keys  # (queries, pairs)
        weights = torch.softmax(-((distances * self.w) ** 2) / 2, dim=1)
        self.attention_weights = weights.detach()
        averages = torch.bmm(weights.unsqueeze(1), values.unsqueeze(-1))
        return averages.reshape(-1)  # (queries,)


# %% leave-one-out-pairs
others = ~torch.eye(n_train, dtype=torch.bool)
keys = x_train.expand(n_train, n_train)[others].reshape(n_train, -1)
values = y_train.expand(n_train, n_train)[others].reshape(n_train, -1)
keys.shape, values.shape

# %% training-loop
net = NWKernelRegression(generator)
loss = nn.MSELoss(reduction="none")
trainer = torch.optim.SGD(net.parameters(), lr=0.5)
losses = []

for epoch in range(5):
    trainer.zero_grad()
    total = loss(net(x_train, keys, values), y_train).sum()
    total.backward()
    trainer.step()
    losses.append(total.item())
    print(f"epoch {epoch + 1}, loss {total.item():.4f}")

learned_w = net.w.item()

# %% training-loss
with torch.no_grad():
    last_loss = loss(net(x_train, keys, values), y_train).sum().item()
first_loss, second_loss = losses[:2]

fig, ax = plt.subplots()
line = plot_loss(ax, [*losses, last_loss])

# %% parametric-fit
with torch.no_grad():
    y_parametric = net(
        x_test, x_train.expand(n_test, -1), y_train.expand(n_test, -1)
    )
mse_parametric = mean_squared_error(y_parametric, y_truth)
largest_trained_weight = net.attention_weights.max()

fig, ax = plt.subplots()
artists = plot_regression(ax, data, y_parametric)
print(f"mean squared error: {mse_parametric:.3f}")

# %% parametric-heatmap
fig = show_heatmaps(
    net.attention_weights.reshape(1, 1, n_test, n_train),
    xlabel="Sorted training inputs",
    ylabel="Sorted testing inputs",
    figsize=(4.4, 3.6),
    keys=x_train,
    queries=x_test,
)

# %% closed-form
generator = torch.Generator().manual_seed(seed)
data_again = toy_data(50, noise=noise, generator=generator)
library_net = pooling.NWKernelRegression(generator=generator)
history = train(
    library_net,
    data_again.x_train,
    data_again.y_train,
    epochs=5,
    learning_rate=0.5,
)


def closed_form(w):
    K = kernels.gaussian((x_train[:, None] - x_train) * w)
    K0 = kernels.gaussian(torch.tensor(0.0))
    N, D = K @ y_train, K.sum(dim=1)
    left_out = (N - y_train * K0) / (D - K0)
    return ((left_out - y_train) ** 2).sum()


print("step        w     loss  closed form")
for k, (w, value) in enumerate(zip(history.w, history.loss, strict=True)):
    print(f"{k:4d} {w:8.3f} {value:8.4f} {closed_form(w):12.4f}")

start_w, first_w = history.w[:2]
start_steepness = (first_w - start_w) / 0.5

# %% attending-to-oneself
tried = torch.tensor([1.0, 4.0, 16.0, 64.0, 256.0, 1024.0])
without_self = leave_one_out_loss(x_train, y_train, tried)

print("     w   with oneself   without")
for w, without in zip(tried, without_self, strict=True):
    prediction = pooling.attention_pooling(x_train, x_train, y_train, w=w)
    with_self = ((prediction - y_train) ** 2).sum()
    print(f"{w:6.0f}  {with_self:13.2f}  {without:8.2f}")

# %% zero-is-stationary
zero = torch.tensor(0.0, requires_grad=True)
leave_one_out_loss(x_train, y_train, zero).backward()
plus, minus = leave_one_out_loss(
    x_train, y_train, torch.tensor([learned_w, -learned_w])
)

print(f"gradient at w = 0: {zero.grad.abs():.4f}")
print(f"loss at w =  {learned_w:.2f}: {plus:.4f}")
print(f"loss at w = {-learned_w:.2f}: {minus:.4f}")

# %% loss-landscape
best_w = select_w(x_train, y_train)
best_loss = leave_one_out_loss(x_train, y_train, torch.tensor(best_w))
several_w = torch.logspace(-0.6, 1.8, 300)

fig, ax = plt.subplots()
artists = plot_steps(
    ax,
    several_w,
    leave_one_out_loss(x_train, y_train, several_w),
    steps=(history.w, history.loss),
    best=(best_w, float(best_loss)),
)
ax.set_xscale("log")
ax.annotate(
    "0", (start_w, history.loss[0]), (6, 4), textcoords="offset points"
)
ax.annotate(
    "1–5", (learned_w, last_loss), (6, -12), textcoords="offset points"
)
ax.set_xticks(
    [0.5, 1, 2, 5, 10, 20, 50], ["0.5", "1", "2", "5", "10", "20", "50"]
)
print(f"optimum: w = {best_w:.2f}, loss {best_loss:.2f}")
print(f"trained: w = {learned_w:.2f}, loss {last_loss:.2f}")

# %% three-predictions
y_best = pooling.attention_pooling(x_test, x_train, y_train, w=best_w)
mse_best = mean_squared_error(y_best, y_truth)

fig, ax = plt.subplots(figsize=(4.4, 3.6))
artists = plot_regression(
    ax,
    data,
    {
        "w = 1": y_nonparametric,
        f"optimum: w = {best_w:.1f}": y_best,
        f"trained: w = {learned_w:.1f}": y_parametric,
    },
)
for name, error in [
    ("w = 1", mse_nonparametric),
    ("optimum", mse_best),
    ("trained", mse_parametric),
]:
    print(f"{name:8} mean squared error {error:.3f}")


# %% two-hundred-runs
def run(seed):
    generator = torch.Generator().manual_seed(seed)
    data = toy_data(50, noise=noise, generator=generator)
    x, y = data.x_train, data.y_train
    net = pooling.NWKernelRegression(generator=generator)
    start = net.w.item()
    history = train(net, x, y, epochs=5, learning_rate=0.5)
    best = select_w(x, y)

    measured = {
        "start": start,
        "trained w": abs(history.w[-1]),
        "optimal w": best,
    }
    chosen = {
        "average": 0.0,
        "w = 1": 1.0,
        "trained": history.w[-1],
        "optimum": best,
    }
    for name, w in chosen.items():
        weights = pooling.attention_weights(data.x_test, x, w=w)
        prediction = weights @ y
        error = mean_squared_error(prediction, data.y_truth)
        neighbours = effective_neighbours(weights).mean()
        measured["error", name] = error
        measured["roughness", name] = roughness(prediction)
        measured["neighbours", name] = neighbours

    path = torch.tensor(history.w).diff().abs()
    measured["gradient"] = path[0] / 0.5
    measured["first step"] = path[0] / path.sum()
    at_zero, nearby, at_best = leave_one_out_loss(
        x, y, torch.tensor([0.0, 0.1, best])
    )
    measured["first w"] = abs(history.w[1])
    measured["excess loss"] = history.loss[-1] / at_best - 1
    measured["rise"] = nearby - at_zero

    halved = pooling.NWKernelRegression(generator=generator)
    halved.load_state_dict({"w": torch.tensor([start])})
    history = train(halved, x, y, epochs=5, learning_rate=0.25)
    measured["halved w"] = abs(history.w[-1])
    return measured


n_runs = 200
rows = [run(seed) for seed in range(n_runs)]
runs = {
    name: torch.tensor([float(row[name]) for row in rows])
    for name in rows[0]
}

# %% two-hundred-table
poolings = ["average", "w = 1", "trained", "optimum"]


def median(name):
    return float(runs[name].quantile(0.5))


print(f"medians of {n_runs} runs")
print("      average  w = 1 trained optimum")
for title, key in [
    ("error", "error"),
    ("rough", "roughness"),
    ("n_eff", "neighbours"),
]:
    row = [median((key, name)) for name in poolings]
    print("{:5}{:8.2f}{:7.2f}{:8.2f}{:8.2f}".format(title, *row))
row = [0, 1, median("trained w"), median("optimal w")]
print("{:5}{:8.2f}{:7.2f}{:8.2f}{:8.2f}".format("w", *row))

error_average = median(("error", "average"))
error_one = median(("error", "w = 1"))
error_trained = median(("error", "trained"))
error_best = median(("error", "optimum"))
roughness_truth = float(roughness(y_truth))
roughness_one = median(("roughness", "w = 1"))
roughness_trained = median(("roughness", "trained"))
roughness_best = median(("roughness", "optimum"))
times_as_rough = roughness_trained / roughness_best
of_optimum = runs["roughness", "optimum"]
rougher_than_one = int((of_optimum > runs["roughness", "w = 1"]).sum())
rougher_than_truth = int((of_optimum > roughness_truth).sum())
print(f"roughness of the truth     {roughness_truth:5.2f}")
print(f"optimum rougher than that  {rougher_than_truth:5d}")
print(f"optimum rougher than w = 1 {rougher_than_one:5d}")
neighbours_trained = median(("neighbours", "trained"))
neighbours_best = median(("neighbours", "optimum"))
median_trained_w = median("trained w")
median_best_w = median("optimal w")
median_halved_w = median("halved w")

# %% two-hundred-spread
is_stuck = runs["trained w"] < 0.1
is_worse = runs["error", "trained"] > runs["error", "optimum"]
outcomes = {
    "error larger than at the optimum": (
        is_worse & ~is_stuck,
        "o",
        "#0072B2",
    ),
    "error no larger": (~is_worse & ~is_stuck, "s", "#009E73"),
    "stuck at w = 0": (is_stuck, "^", "#D55E00"),
}

fig, ax = plt.subplots(figsize=(4.4, 3.6))
for label, (chosen, marker, colour) in outcomes.items():
    ax.plot(
        runs["optimal w"][chosen],
        runs["trained w"][chosen],
        linestyle="none",
        marker=marker,
        markersize=4.5,
        alpha=0.75,
        color=colour,
        label=label,
    )
ax.plot(
    [runs["optimal w"][seed]],
    [runs["trained w"][seed]],
    linestyle="none",
    marker="*",
    markersize=13,
    color="black",
    label="the run shown",
)
ax.plot([2, 25], [2, 25], color="0.5", linestyle=":", label="both alike")
ax.set_xscale("log")
ax.set_yscale("symlog", linthresh=1)
ax.set_xticks([2, 5, 10, 20], ["2", "5", "10", "20"])
ax.set_xticks([], minor=True)
ax.set_yticks([0, 1, 5, 20, 50], ["0", "1", "5", "20", "50"])
ax.set(xlabel="w at the optimum", ylabel="w after training")
ax.set_ylim(bottom=-0.3)
legend = ax.legend(loc="lower right", fontsize=8)

overshot = int((runs["first w"] > runs["optimal w"]).sum())
worse = int(is_worse.sum())
smallest_best_w = float(runs["optimal w"].min())
largest_best_w = float(runs["optimal w"].max())
largest_trained_w = float(runs["trained w"].max())
print(f"first step beyond the optimum {overshot:4d}")
print(f"error larger after training   {worse:4d}")

# %% what-training-did
first_gradient = median("gradient")
first_share = 100 * median("first step")
usual_first_step = 0.5 * first_gradient
near_optimum = int((runs["excess loss"] < 0.01).sum())
stuck = int(is_stuck.sum())
stuck_start = float(runs["start"][is_stuck].max())
stuck_in_a_dip = int((runs["rise"][is_stuck] > 0).sum())
in_a_dip = int((runs["rise"] > 0).sum())
first_and_last = torch.stack([runs["start"], runs["trained w"]])
correlation = torch.corrcoef(first_and_last)[0, 1]

print(f"first gradient            {first_gradient:6.1f}")
print(f"share of the first step   {first_share:5.0f}%")
print(f"within 1% of lowest loss  {near_optimum:6d}")
print(f"stuck at w = 0            {stuck:6d}")
print(f"  largest start           {stuck_start:6.3f}")
print(f"  loss rises on leaving 0 {stuck_in_a_dip:6d}")
print(f"loss rises on leaving 0   {in_a_dip:6d}")
print(f"correlation, first–last w {correlation:6.2f}")
print(f"learned w                 {median_trained_w:6.1f}")
print(f"learned w, loss halved    {median_halved_w:6.1f}")

# %% where-this-run-stands
percentiles = []
print(f"seed {seed}            here percentile")
for title, name in [
    ("error, average", ("error", "average")),
    ("error, w = 1", ("error", "w = 1")),
    ("error, trained", ("error", "trained")),
    ("error, optimum", ("error", "optimum")),
    ("trained w", "trained w"),
    ("optimal w", "optimal w"),
]:
    here = runs[name][seed]
    percentiles.append(100 * float((runs[name] < here).float().mean()))
    print(f"{title:15}{here:9.3f}{percentiles[-1]:11.0f}")

lowest_percentile = min(percentiles)
highest_percentile = max(percentiles)
w_percentile = percentiles[4]


# %% more-data-error
def draw_data(n, seed):
    generator = torch.Generator().manual_seed(seed)
    return toy_data(n, noise=noise, generator=generator)


inside = (x_test > 0.95) & (x_test < 4.05)


def errors_at(n, w, draws=20):
    squares = []
    for draw in range(draws):
        sample = draw_data(n, draw)
        guess = pooling.attention_pooling(
            sample.x_test, sample.x_train, sample.y_train, w=w
        )
        squares.append((guess - sample.y_truth) ** 2)
    mean = torch.stack(squares).mean(dim=0)
    return (float(mean[inside].mean()), float(mean[0]), float(mean.mean()))


def slope(errors, first=0):
    rise = torch.tensor(errors[-1] / errors[first]).log()
    return float(rise / torch.tensor(sizes[-1] / sizes[first]).log())


sizes = [50, 500, 5000, 50000]
smallest_n, largest_n = sizes[0], sizes[-1]
fixed, _, _ = zip(*[errors_at(n, 1.0) for n in sizes], strict=True)
growing, growing_at_0, growing_all = zip(
    *[errors_at(n, median_best_w * (n / 50) ** 0.2) for n in sizes],
    strict=True,
)

dense = (torch.arange(5000) + 0.5) / 1000
smeared = pooling.attention_pooling(x_test, dense, truth(dense))
limit = mean_squared_error(smeared[inside], y_truth[inside])
fixed_first, fixed_last = (fixed[0], fixed[-1])
growing_first, growing_last = (growing[0], growing[-1])
fall_inside, fall_at_0 = (-slope(growing), -slope(growing_at_0))
fall_inside_late = -slope(growing, first=1)
share_of_0 = 100 * growing_at_0[-1] / n_test / growing_all[-1]

fig, ax = plt.subplots(figsize=(4.4, 3.6))
ax.loglog(sizes, growing_at_0, marker="^", label="x = 0, w grows")
ax.loglog(sizes, fixed, marker="o", label="interior, w = 1")
ax.axhline(limit, color="0.5", linestyle=":", label="limit for w = 1")
ax.loglog(sizes, growing, marker="s", label="interior, w grows")
ax.set(xlabel="number of training points", ylabel="mean squared error")
legend = ax.legend(fontsize=9)
print(f"slope, interior          {-fall_inside:6.2f}")
print(f"slope, interior from 500 {-fall_inside_late:6.2f}")
print(f"slope, x = 0             {-fall_at_0:6.2f}")
print(f"x = 0 of all error at {largest_n} {share_of_0:5.0f}%")

# %% one-query
query, neighbours_of = (torch.tensor([2.5]), {})

fig, ax = plt.subplots()
for name, w, marker in [
    ("w = 1", 1.0, "o"),
    ("optimum", best_w, "s"),
    ("trained", learned_w, "^"),
]:
    row = pooling.attention_weights(query, x_train, w=w)[0]
    ax.plot(x_train, row, marker=marker, markersize=4, label=name)
    count = effective_neighbours(row.unsqueeze(0)).item()
    neighbours_of[name] = count
    print(f"{name:8} neighbours {count:5.1f}")
ax.set(xlabel="key x", ylabel="attention weight")
legend = ax.legend()
neighbours_at_one = neighbours_of["w = 1"]
neighbours_at_best = neighbours_of["optimum"]
neighbours_at_trained = neighbours_of["trained"]


# %% learning-rates
def learned_with(rate, seed):
    generator = torch.Generator().manual_seed(seed)
    data = toy_data(50, noise=noise, generator=generator)
    net = pooling.NWKernelRegression(generator=generator)
    history = train(
        net, data.x_train, data.y_train, epochs=50, learning_rate=rate
    )
    found = []
    for w in [history.w[5], history.w[50]]:
        guess = pooling.attention_pooling(
            data.x_test, data.x_train, data.y_train, w=w
        )
        error = mean_squared_error(guess, data.y_truth)
        found += [abs(w), float(error)]
    return found


medians = {}
print("rate  epochs       w   error")
for rate in [0.5, 0.05]:
    found = torch.tensor(
        [learned_with(rate, seed) for seed in range(n_runs)]
    )
    row = medians[rate] = found.quantile(0.5, dim=0).tolist()
    print(f"{rate:4.2f}       5  {row[0]:6.2f}  {row[1]:6.3f}")
    print(f"{rate:4.2f}      50  {row[2]:6.2f}  {row[3]:6.3f}")

w_hasty, error_hasty, w_long, error_long = medians[0.5]
(w_short, error_short, w_patient, error_patient) = medians[0.05]


# %% other-kernels
kernel_draws, error_of = 100, {}
print("kernel          error      w   NaN")
for kernel in [
    kernels.gaussian,
    kernels.boxcar,
    kernels.triangular,
    kernels.epanechnikov,
]:
    errors, selected, holes = [], [], 0
    for draw in range(kernel_draws):
        sample = draw_data(50, draw)
        x, y = (sample.x_train, sample.y_train)
        w = select_w(x, y, kernel=kernel)
        guess = pooling.attention_pooling(
            sample.x_test, x, y, w=w, kernel=kernel
        )
        selected.append(w)
        holes += bool(guess.isnan().any())
        errors.append((guess - sample.y_truth).square().nanmean())
    error = torch.stack(errors).quantile(0.5)
    w = torch.tensor(selected).quantile(0.5)
    error_of[kernel.__name__] = float(error)
    print(f"{kernel.__name__:13}{error:8.3f}{w:7.2f}{holes:6d}")

lowest_kernel_error = min(error_of.values())
highest_kernel_error = max(error_of.values())

# %% empty-neighbourhoods
draws, empty, n_few = 1000, 0, 10
for draw in range(draws):
    few = draw_data(n_few, draw)
    weights = pooling.attention_weights(
        x_test, few.x_train, kernel=kernels.boxcar
    )
    empty += bool(weights.isnan().any())
empty_share = 100 * empty / draws
print(f"empty windows: {empty} of {draws} draws")

# %% dot-product-form
q, k = x_test.double(), x_train.double()
two_queries = torch.stack([best_w**2 * q, torch.ones_like(q)], dim=1)
two_keys = torch.stack([k, -(best_w**2) * k**2 / 2], dim=1)
dot_products = two_queries @ two_keys.T

same = torch.softmax(dot_products, dim=1)
expected = pooling.attention_weights(q, k, w=best_w)
torch.allclose(same, expected)


# %% learned-projections
class ProjectedPooling(nn.Module):
    def __init__(self, *sets):
        super().__init__()
        W_q = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
        W_k = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, -0.5]])
        self.W_q = nn.Parameter(W_q.repeat(*sets, 1, 1))
        self.W_k = nn.Parameter(W_k.repeat(*sets, 1, 1))

    def weights(self, queries, keys, hidden=False):
        q = self.features(queries) @ self.W_q.mT
        k = self.features(keys) @ self.W_k.mT
        scores = q @ k.mT
        hidden = torch.as_tensor(hidden)
        scores = scores.masked_fill(hidden, -torch.inf)
        return torch.softmax(scores, dim=-1)

    def features(self, x):
        return torch.stack([torch.ones_like(x), x, x**2], dim=-1)


def predict(weights, values):
    return (weights @ values.unsqueeze(-1)).squeeze(-1)


def fit(net, x, y, steps):
    itself = torch.eye(n_train, dtype=torch.bool)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(steps):
        optimizer.zero_grad()
        guess = predict(net.weights(x, x, hidden=itself), y)
        ((guess - y) ** 2).sum().backward()
        optimizer.step()
    guess = predict(net.weights(x, x, hidden=itself), y).detach()
    return ((guess - y) ** 2).sum(dim=-1)


projected = ProjectedPooling()
n_learned = sum(p.numel() for p in projected.parameters())
same_start = torch.allclose(
    projected.weights(x_test, x_train), attention_weights, atol=1e-5
)
projected_loss = fit(projected, x_train, y_train, steps=300)
projected_weights = projected.weights(x_test, x_train).detach()
largest_projected_weight = projected_weights.max()
projected_error = mean_squared_error(projected_weights @ y_train, y_truth)
print(f"before training the weights are those of w = 1: {same_start}")
print(f"learned numbers    {n_learned}")
print(f"leave-one-out loss {projected_loss:.2f}")
print(f"mean squared error {projected_error:.3f}")
fig = show_heatmaps(
    projected_weights.reshape(1, 1, n_test, n_train),
    xlabel="Sorted training inputs",
    ylabel="Sorted testing inputs",
    figsize=(4.4, 3.6),
    keys=x_train,
    queries=x_test,
)

# %% learned-projections-measured
samples = [draw_data(50, draw) for draw in range(n_runs)]
x = torch.stack([sample.x_train for sample in samples])
y = torch.stack([sample.y_train for sample in samples])
projected_of = {}
print("steps    loss   error  better")
for steps in [300, 1000]:
    net = ProjectedPooling(n_runs)
    losses = fit(net, x, y, steps)
    guess = predict(net.weights(x_test, x).detach(), y)
    errors = ((guess - y_truth) ** 2).mean(dim=-1)
    better = int((errors < runs["error", "optimum"]).sum())
    loss, error = (float(m.quantile(0.5)) for m in (losses, errors))
    projected_of[steps] = (loss, error, better)
    print(f"{steps:5d}{loss:8.2f}{error:8.3f}{better:8d}")
best_losses = torch.stack(
    [
        leave_one_out_loss(*pair, w)
        for *pair, w in zip(x, y, runs["optimal w"], strict=True)
    ]
)
median_best_loss = float(best_losses.quantile(0.5))
print(f"best w{median_best_loss:7.2f}{error_best:8.3f}")
loss_many, error_many, better_many = projected_of[1000]


# %% local-lines
def local_lines(queries, keys, values, w):
    weights = pooling.attention_weights(queries, keys, w=w)
    offsets = keys - queries.unsqueeze(1)
    mean_offset = (weights * offsets).sum(dim=1)
    mean_value = (weights * values).sum(dim=1)
    spread = (weights * offsets**2).sum(dim=1) - mean_offset**2
    together = (weights * offsets * values).sum(dim=1)
    slope = (together - mean_offset * mean_value) / spread
    return mean_value - slope * mean_offset


y_lines = local_lines(x_test, x_train, y_train, 1.0)
lines_left_end = y_lines[0]

fig, ax = plt.subplots()
artists = plot_regression(
    ax, data, {"weighted average": y_nonparametric, "local lines": y_lines}
)


# %% local-lines-measured
def best_w_for_lines(x, y):
    keys, values = (leave_one_out_pairs(x), leave_one_out_pairs(y))
    tried = torch.logspace(-0.3, 0.9, 25)
    scores = [
        ((local_lines(x, keys, values, w) - y) ** 2).sum() for w in tried
    ]
    return float(tried[torch.stack(scores).argmin()])


errors, last_keys = [], []
for draw in range(n_runs):
    sample = draw_data(50, draw)
    x, y = sample.x_train, sample.y_train
    guess = local_lines(sample.x_test, x, y, best_w_for_lines(x, y))
    errors.append(mean_squared_error(guess, sample.y_truth))
    last_keys.append(float(x[-1]))

with_lines = torch.stack(errors)
with_averages = runs["error", "optimum"]
print("error         median    mean  worst")
for title, error in [
    ("averages", with_averages),
    ("local lines", with_lines),
]:
    middle, mean, worst = (error.quantile(0.5), error.mean(), error.max())
    print(f"{title:12}{middle:8.3f}{mean:8.3f}{worst:7.2f}")

lines_wins = 100 * (with_lines < with_averages).float().mean()
print(f"lines are better in {lines_wins:.0f}% of runs")

lines_error, lines_worst = (with_lines.quantile(0.5), with_lines.max())
average_worst = with_averages.max()
last_key = last_keys[with_lines.argmax()]
