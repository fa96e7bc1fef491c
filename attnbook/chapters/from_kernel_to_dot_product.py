"""From the kernel to the dot product: query, key, value.

Cells for docs/zh/from-kernel-to-dot-product.md and its English twin. The
file is also plain Python: run it, and it prints every output.
"""

# %% imports
import math
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import normalize, one_hot
from torch.nn.functional import scaled_dot_product_attention as torch_sdpa

from attnbook import (
    AdditiveScore,
    attention_pooling,
    attention_weights,
    distance_score,
    effective_neighbours,
    leave_one_out_loss,
    mean_squared_error,
    scaled_dot_product,
    select_w,
    toy_data,
)
from attnbook.plotting import show_heatmaps

plt.style.use("attnbook.book")
torch.set_printoptions(precision=3, sci_mode=False)

# %% gaussian-is-dot-product
generator = torch.Generator().manual_seed(0)
d, n_queries, n_keys = 8, 5, 7
Q = torch.randn(n_queries, d, generator=generator)
K = torch.randn(n_keys, d, generator=generator)
V = torch.randn(n_keys, 3, generator=generator)
w = 0.6

by_distance = attention_pooling(Q, K, V, score=partial(distance_score, w=w))
prior = -(w**2) * K.square().sum(dim=1) / 2
by_dot_product = torch_sdpa(
    Q, K, V, attn_mask=prior.expand(n_queries, -1), scale=w**2
)
largest_difference = (by_distance - by_dot_product).abs().max()
print(f"largest difference: {largest_difference:.1e}")

# %% what-the-prior-does
data = toy_data(50, generator=torch.Generator().manual_seed(100))
x_train, y_train, x_test = data.x_train, data.y_train, data.x_test
x, keys = x_test.unsqueeze(1), x_train.unsqueeze(1)  # one feature

with_prior = attention_weights(x, keys, score=distance_score)
without_prior = attention_weights(x, keys, score=scaled_dot_product)
n_test, last_key = len(x_test), len(x_train) - 1
last_key_wins = int((without_prior.argmax(dim=1) == last_key).sum())

fig = show_heatmaps(
    torch.stack([with_prior, without_prior]).unsqueeze(0),
    xlabel="Sorted training inputs",
    ylabel="Sorted testing inputs",
    titles=["with the prior", "dot product alone"],
    figsize=(4.4, 2.5),
    keys=x_train,
    queries=x_test,
)
print(
    f"the largest key weighs most for {last_key_wins} of {n_test} queries"
)

# %% on-the-sphere
Q1, K1 = normalize(Q, dim=1), normalize(K, dim=1)
gaussian = attention_weights(Q1, K1, score=partial(distance_score, w=3.0))
cosine = attention_weights(
    Q1, K1, score=partial(scaled_dot_product, scale=9.0)
)
sphere_difference = (gaussian - cosine).abs().max()
print(f"largest difference: {sphere_difference:.1e}")

# %% rounding-by-w
ws = torch.logspace(-0.95, 3, 32).tolist()


def rounding_error(queries, keys, w):
    prior = -(w**2) * keys.square().T / 2
    fused = torch_sdpa(
        queries,
        keys,
        y_train.to(keys.dtype).unsqueeze(1),
        attn_mask=prior.expand(len(queries), -1),
        scale=w**2,
    )
    exact = attention_pooling(
        queries.double().flatten(),
        keys.double().flatten(),
        y_train.double(),
        w=w,
    )
    return float((fused.flatten() - exact).abs().max())


middle = x_train.mean()
cases = {
    "float32, keys near 1000": (x + 1000, keys + 1000),
    "float32": (x, keys),
    "float32, centred": (x - middle, keys - middle),
    "float64": (x.double(), keys.double()),
}
errors = {
    name: [rounding_error(*pair, w) for w in ws]
    for name, pair in cases.items()
}

fig, ax = plt.subplots(figsize=(4.4, 3.6))
for (name, error), style in zip(
    errors.items(), ["-.", "-", "--", ":"], strict=True
):
    ax.loglog(ws, error, style, label=name)
ax.set(xlabel="w", ylabel="largest error of a prediction")
legend = ax.legend()
w_shown = ws[15]
at_w = {name: error[15] for name, error in errors.items()}
gain_by_centring = at_w["float32"] / at_w["float32, centred"]
for name, error in at_w.items():
    print(f"w = {w_shown:.1f}, {name:24} {error:.0e}")


# %% three-matrices
to_the_left = torch.arange(8).roll(1)  # seat 0 hears seat 7


def learn_to_hear(shared):
    generator = torch.Generator().manual_seed(0)
    W_q = torch.randn(8, 8, generator=generator, requires_grad=True)
    W_k = torch.randn(8, 8, generator=generator, requires_grad=True)
    W_k = W_q if shared else W_k
    optimizer = torch.optim.Adam({W_q, W_k}, lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        weights = attention_weights(W_q, W_k, score=scaled_dot_product)
        heard = weights[torch.arange(8), to_the_left]
        heard.log().mean().neg().backward()
        optimizer.step()
    return weights.detach(), heard.detach()


two_weights, heard_by_two = learn_to_hear(shared=False)
one_weights, heard_by_one = learn_to_hear(shared=True)

fig = show_heatmaps(
    torch.stack([two_weights, one_weights]).unsqueeze(0),
    xlabel="Keys",
    ylabel="Queries",
    titles=["two matrices", "one matrix"],
    figsize=(4.4, 2.5),
)
heard_with_two, heard_with_one = heard_by_two.mean(), heard_by_one.mean()
print(f"weight on the left neighbour, two matrices {heard_with_two:.3f}")
print(f"weight on the left neighbour, one matrix   {heard_with_one:.3f}")

# %% why-sqrt-d
generator = torch.Generator().manual_seed(0)
sizes, n_keys, n_rows = [1, 4, 16, 64, 256, 1024], 16, 4000
deviations = []
largest = {"plain": [], "divided": []}
gradients = {"plain": [], "divided": []}
for d in sizes:
    q = torch.randn(n_rows, 1, d, generator=generator)
    k = torch.randn(n_rows, n_keys, d, generator=generator)
    v = torch.randn(n_rows, n_keys, generator=generator)
    scores = scaled_dot_product(q, k, scale=1.0).squeeze(1)
    deviations.append(float(scores.std()))
    for name, scale in [("plain", 1.0), ("divided", d**-0.5)]:
        s = (scores * scale).requires_grad_()
        weights = torch.softmax(s, dim=1)
        (weights * v).sum().backward()
        highest = weights.detach().amax(dim=1)
        largest[name].append(float(highest.mean()))
        gradients[name].append(float(s.grad.norm(dim=1).mean()))

fig, axes = plt.subplots(
    2, figsize=(4.4, 5.0), sharex=True, layout="constrained"
)
for ax, measured, title, ylabel in [
    (axes[0], largest, "weights", "mean largest weight"),
    (axes[1], gradients, "gradients", "mean size of the gradient"),
]:
    ax.semilogx(sizes, measured["plain"], "-o", label="plain")
    ax.semilogx(sizes, measured["divided"], "--s", label="divided")
    ax.set(title=title, ylabel=ylabel, ylim=(0, None))
axes[1].set_xlabel("d")
legend = axes[0].legend()
print("    d  spread of scores  root of d")
for d, deviation in zip(sizes, deviations, strict=True):
    print(f"{d:5d}{deviation:18.2f}{math.sqrt(d):11.1f}")
plain_at_64, divided_at_64 = largest["plain"][3], largest["divided"][3]
gradient_ratio = gradients["divided"][-1] / gradients["plain"][-1]

# %% temperature
row = torch.randn(1, 16, generator=torch.Generator().manual_seed(1))
print("temperature  largest weight  neighbours")
temperatures = [0.1, 0.5, 1.0, 2.0, 10.0]
neighbours = []
for T in temperatures:
    weights = torch.softmax(row / T, dim=1)
    neighbours.append(float(effective_neighbours(weights)))
    print(f"{T:11.1f}{weights.max():16.2f}{neighbours[-1]:12.1f}")
coldest, hottest = neighbours[0], neighbours[-1]

# %% which-axis
scores = scaled_dot_product(Q, K)
right, wrong = torch.softmax(scores, dim=1), torch.softmax(scores, dim=0)
ones = torch.ones(7)
answers_right, answers_wrong = right @ ones, wrong @ ones
print("over the keys:   ", answers_right)
print("over the queries:", answers_wrong)

# %% three-scores
key_line = torch.linspace(-4, 4, 81).unsqueeze(1)
asked = torch.tensor([[0.5], [2.0]])
additive = AdditiveScore(
    1, 1, 8, generator=torch.Generator().manual_seed(3)
)
kinds = [
    ("dot product", scaled_dot_product),
    ("squared distance", distance_score),
    ("additive, untrained", additive),
]

fig, axes = plt.subplots(
    3, figsize=(4.4, 6.0), sharex=True, layout="constrained"
)
for ax, (title, score) in zip(axes, kinds, strict=True):
    lines = score(asked, key_line).detach()
    for q, line, style in zip(asked, lines, ["--", "-"], strict=True):
        ax.plot(key_line, line, style, label=f"query {q.item():.1f}")
    ax.set(title=title, ylabel="score")
axes[2].set_xlabel("key")
legend = axes[0].legend(fontsize=9)

# %% masks
causal = torch.ones(4, 4).tril().bool()
print(
    attention_weights(Q[:4], K[:4], score=scaled_dot_product, mask=causal)
)

others = ~torch.eye(50, dtype=torch.bool)
guess = attention_pooling(x_train, x_train, y_train, w=2.0, mask=others)
masked_loss = ((guess - y_train) ** 2).sum()
loss = leave_one_out_loss(x_train, y_train, 2.0)
print(f"masked diagonal {masked_loss:.4f}, leave-one-out {loss:.4f}")


# %% self-attention
class SelfAttention(nn.Module):
    def __init__(self, d, n_heads, generator):
        super().__init__()
        draw = partial(torch.randn, generator=generator)
        self.W_q = nn.Parameter(draw(n_heads, d, d) / math.sqrt(d))
        self.W_k = nn.Parameter(draw(n_heads, d, d) / math.sqrt(d))
        self.W_v = nn.Parameter(draw(n_heads, d, 1) / math.sqrt(d))

    def weights(self, words):
        X = words.unsqueeze(-3)  # (sentences, 1, words, d)
        return attention_weights(
            X @ self.W_q, X @ self.W_k, score=scaled_dot_product
        )

    def forward(self, words):
        values = words.unsqueeze(-3) @ self.W_v
        heads = self.weights(words) @ values  # (sentences, heads, words, 1)
        return heads.sum(dim=-3).squeeze(-1)


# %% sentences
def draw_sentences(count, generator, asks=1):
    """Six facts (a name, a number), then questions that ask for names."""
    facts = torch.rand(count, 6, generator=generator).argsort(dim=1)
    numbers = torch.rand(count, 6, generator=generator)
    asked = torch.rand(count, asks, 6, generator=generator).argsort(dim=2)
    asked = asked[..., :4]  # (sentences, names in a question, questions)
    tokens = torch.zeros(count, 10, 6 * (asks + 1) + 1)
    tokens[:, :6, :6] = one_hot(facts, 6).float()
    tokens[:, :6, -1] = numbers
    for place in range(asks):
        names = slice(6 * (place + 1), 6 * (place + 2))
        tokens[:, 6:, names] = one_hot(asked[:, place], 6).float()
    there = asked.unsqueeze(-1) == facts[:, None, None]
    found = (there * numbers[:, None, None]).sum(dim=-1)
    return tokens, facts, asked, found


def train_layer(n_heads, target, asks, steps=2000):
    generator = torch.Generator().manual_seed(0)
    layer = SelfAttention(6 * (asks + 1) + 1, n_heads, generator)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.02)
    for _ in range(steps):
        tokens, *_, found = draw_sentences(64, generator, asks)
        optimizer.zero_grad()
        errors = layer(tokens)[:, 6:] - target(found)
        loss = (errors**2).mean()
        loss.backward()
        optimizer.step()
    return layer, loss.item()


# %% looking-up
layer, lookup_loss = train_layer(1, lambda found: found[:, 0], asks=1)
generator = torch.Generator().manual_seed(1)
tokens, facts, asked, found = draw_sentences(1, generator)
answers = layer(tokens)[0, 6:].detach()
sentence = ["ABCDEF"[i] for i in facts[0]]
questions = ["ABCDEF"[i] + "?" for i in asked[0, 0]]
print("facts    ", *[f"{name:>5}" for name in sentence])
print("numbers  ", *[f"{number:5.2f}" for number in tokens[0, :6, -1]])
print("questions", *[f"{name:>5}" for name in questions])
print("answers  ", *[f"{number:5.2f}" for number in answers])
print("truth    ", *[f"{number:5.2f}" for number in found[0, 0]])

# %% self-attention-heatmap
weights = layer.weights(tokens).detach()
right_place = (asked[0, 0].unsqueeze(1) == facts[0]).int().argmax(dim=1)
smallest_right_weight = weights[0, 0, range(6, 10), right_place].min()

fig = show_heatmaps(
    weights, xlabel="Keys", ylabel="Queries", figsize=(4.4, 3.6)
)
words = sentence + questions
columns = fig.axes[0].set_xticks(range(10), words)
rows = fig.axes[0].set_yticks(range(10), words)

# %% several-heads
losses = {}
for n_heads in [1, 2]:
    two_names, losses[n_heads] = train_layer(
        n_heads, lambda found: found[:, 0] - found[:, 1], asks=2
    )
    print(f"{n_heads} head(s): mean squared error {losses[n_heads]:.4f}")
one_head_loss, two_heads_loss = losses[1], losses[2]
without_looking = 1 / 6  # variance of a difference of two uniform numbers

# %% several-bandwidths
n_runs, several_w = 200, [1.0, 4.0, 16.0]
single, combined = [], []
for seed in range(n_runs):
    sample = toy_data(50, generator=torch.Generator().manual_seed(seed))
    x_i, y_i, asked_at = sample.x_train, sample.y_train, sample.x_test
    best = attention_pooling(asked_at, x_i, y_i, w=select_w(x_i, y_i))
    left_out = torch.stack(
        [
            attention_pooling(x_i, x_i, y_i, w=w, mask=others)
            for w in several_w
        ]
    )
    mix = torch.linalg.lstsq(left_out.T, y_i.unsqueeze(1)).solution
    heads = torch.stack(
        [attention_pooling(asked_at, x_i, y_i, w=w) for w in several_w]
    )
    mixed = (heads.T @ mix).squeeze(1)
    single.append(mean_squared_error(best, sample.y_truth))
    combined.append(mean_squared_error(mixed, sample.y_truth))
single, combined = torch.stack(single), torch.stack(combined)
single_error, mixed_error = single.quantile(0.5), combined.quantile(0.5)
mixed_better = int((combined < single).sum())
print(f"one head with the best w  {single_error:.3f}")
print(f"three heads, mixed        {mixed_error:.3f}")
print(f"the mixture is better in {mixed_better} of {n_runs}")

# %% gradient-is-a-covariance
w = torch.tensor(2.0)
jacobian = torch.func.jacrev(
    lambda w: attention_pooling(x_test, x_train, y_train, w=w)
)(w)

weights = attention_weights(x_test, x_train, w=w)
squares = (x_test.unsqueeze(1) - x_train) ** 2


def mean(numbers):
    return (weights * numbers).sum(dim=1)


covariance = mean(squares * y_train) - mean(squares) * mean(y_train)
torch.allclose(jacobian, -w * covariance, atol=1e-4)

# %% one-w-per-key
samples = [
    toy_data(50, generator=torch.Generator().manual_seed(seed))
    for seed in range(n_runs)
]
x_all = torch.stack([sample.x_train for sample in samples])
y_all = torch.stack([sample.y_train for sample in samples])
best_w = torch.tensor([select_w(s.x_train, s.y_train) for s in samples])
w_of_key = best_w.unsqueeze(1).repeat(1, 50).requires_grad_()


def predict(queries, mask):
    difference = queries.unsqueeze(-1) - x_all.unsqueeze(1)
    scores = -((difference * w_of_key.unsqueeze(1)) ** 2) / 2
    weights = torch.softmax(scores.masked_fill(~mask, -torch.inf), dim=-1)
    return (weights @ y_all.unsqueeze(-1)).squeeze(-1)


optimizer = torch.optim.Adam([w_of_key], lr=0.05)
for step in range(301):
    optimizer.zero_grad()
    loss_of_run = ((predict(x_all, others) - y_all) ** 2).sum(dim=1)
    loss_of_run.sum().backward()
    optimizer.step()
    if step == 0:
        loss_with_one = loss_of_run.detach().quantile(0.5)
loss_with_many = loss_of_run.detach().quantile(0.5)
everybody = torch.ones(50, 50, dtype=torch.bool)
guess = predict(x_test.expand(n_runs, 50), everybody).detach()
errors = ((guess - samples[0].y_truth) ** 2).mean(dim=1)
many_error, many_better = errors.quantile(0.5), int((errors < single).sum())
print("              loss   error")
print(f"one w        {loss_with_one:5.2f}{single_error:8.3f}")
print(f"one per key  {loss_with_many:5.2f}{many_error:8.3f}")
print(f"one per key is better in {many_better} of {n_runs}")

# %% never-attended
three = torch.tensor([[-1.0], [0.0], [1.0]])
asked = torch.randn(1000, 1, generator=torch.Generator().manual_seed(0))
wins = {}
for name, score in [("dot", scaled_dot_product), ("dist", distance_score)]:
    first = attention_weights(asked, three, score=score).argmax(dim=1)
    wins[name] = first.bincount(minlength=3).tolist()
    print(f"{name:5}", wins[name])
middle_by_dot, middle_by_distance = wins["dot"][1], wins["dist"][1]

crowd = torch.randn(1000, 64, generator=torch.Generator().manual_seed(0))
own = attention_weights(crowd, crowd, score=scaled_dot_product)
win_for_themselves = int((own.argmax(dim=1) == torch.arange(1000)).sum())
print(f"64 dimensions: {win_for_themselves} of 1000 win for q = k")

# %% shuffled
order = torch.randperm(10, generator=torch.Generator().manual_seed(0))
shuffled = layer(tokens[:, order])
torch.allclose(shuffled, layer(tokens)[:, order], atol=1e-6)
