"""Questions: the experiments that no other chapter has.

Cells for docs/zh/questions.md and docs/en/questions.md. The file is also
plain Python: run it, and it prints every output.
"""

# %% imports
from functools import partial

import torch

from attnbook import (
    attention_pooling,
    distance_score,
    mean_squared_error,
    truth,
)

torch.set_printoptions(precision=3, sci_mode=False)

# %% two-features
generator = torch.Generator().manual_seed(0)
n_points = 200
X = 5 * torch.rand(n_points, 2, generator=generator)
noise = 0.5 * torch.randn(n_points, generator=generator)
y = truth(X[:, 0]) + noise  # the second feature does not matter
others = ~torch.eye(n_points, dtype=torch.bool)


def left_out(w):
    score = partial(distance_score, w=w)
    return attention_pooling(X, X, y, score=score, mask=others)


tried = torch.logspace(-0.5, 1, 40)
losses = torch.stack([mean_squared_error(left_out(w), y) for w in tried])
one_w = tried[losses.argmin()]

W = torch.diag(one_w.repeat(2)).requires_grad_()
optimizer = torch.optim.Adam([W], lr=0.05)
for _ in range(300):
    optimizer.zero_grad()
    mean_squared_error(left_out(W), y).backward()
    optimizer.step()

X_new = 5 * torch.rand(1000, 2, generator=generator)
error_with = {}
for name, w in [("one w", one_w), ("matrix W", W.detach())]:
    score = partial(distance_score, w=w)
    guess = attention_pooling(X_new, X, y, score=score)
    error_with[name] = mean_squared_error(guess, truth(X_new[:, 0]))
    print(f"{name:9} mean squared error {error_with[name]:.3f}")
of_first, of_second = W.detach().norm(dim=0)
print(f"W stretches feature 1 by {of_first:.2f}, 2 by {of_second:.2f}")
error_one_w, error_matrix = error_with.values()

# %% nearest-in-many-dimensions
print("  d  nearest / mean distance   points for the same error")
nearness, needed = {}, {}
for d in [1, 2, 4, 8, 16]:
    points = torch.rand(1000, d, generator=generator)
    distances = torch.cdist(points, points)
    mean_distance = distances.sum(dim=1) / 999
    nearest = distances.fill_diagonal_(torch.inf).amin(dim=1)
    nearness[d] = float((nearest / mean_distance).mean())
    needed[d] = 1000 ** ((4 + d) / 5)
    print(f"{d:3d}{nearness[d]:25.3f}{needed[d]:26,.0f}")
nearness_1, nearness_16 = nearness[1], nearness[16]
needed_4 = needed[4]

# %% a-place-to-rest
keys = torch.randn(8, 16, generator=generator)
v = torch.randn(8, generator=generator)
query = torch.randn(16, generator=generator)
scores = keys @ query / 4
for name, extra in [("eight keys", []), ("and a first one", [4.0])]:
    s = torch.cat([torch.tensor(extra), scores])
    with_rest = torch.cat([torch.zeros(len(extra)), v])  # its value is 0
    weights = torch.softmax(s, dim=0)
    print(f"{name:16} first weight {weights[0]:.2f}", end=", ")
    print(f"output {weights @ with_rest:5.2f}")
weight_of_rest = weights[0]

# %% same-output
values = torch.tensor([1.0, 2.0, 3.0])
for weights in [
    torch.tensor([0.0, 1.0, 0.0]),
    torch.tensor([0.5, 0.0, 0.5]),
    torch.tensor([1.0, 1.0, 1.0]) / 3,
]:
    print(weights, "output", (weights @ values).item())
