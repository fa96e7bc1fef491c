"""Lecture notes: from two kinds of cue to one learnable w.

The cells of docs/zh/lecture-notes.md and docs/en/lecture-notes.md: each
shows one claim on numbers small enough to check by hand.
"""

# %% imports
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

from attnbook import fonts
from attnbook.data import truth
from attnbook.kernels import gaussian
from attnbook.pooling import (
    NWKernelRegression,
    attention_pooling,
    attention_weights,
    average_pooling,
)

fonts.register()
plt.style.use("attnbook.book")
torch.set_printoptions(precision=3, sci_mode=False)

# %% max-pooling
things = ["newspaper", "paper", "cup", "notebook", "book"]
vividness = torch.tensor([[[0.2, 0.1, 0.9, 0.2, 0.3]]])
largest, place = F.max_pool1d(vividness, 5, return_indices=True)
picked_by_max = things[int(place)]
print(f"largest: {largest.item():.1f}, found at: {picked_by_max}")

# %% convolution
strip = torch.tensor([[[0.0, 0, 0, 1, 1, 1, 1, 0, 0]]])
right_minus_left = torch.tensor([[[-1.0, 1]]])
F.conv1d(strip, right_minus_left)

# %% fully-connected
layer_weights = torch.tensor([0.1, 0.1, 0.5, 0.1, 0.2])
quiet_scene = torch.tensor([0.3, 0.3, 0.3, 0.3, 0.3])
loud_scene = torch.tensor([0.9, 0.1, 0.2, 0.8, 0.1])


def fully_connected(scene):
    """One output, a fixed weight for every input."""
    return F.linear(scene, layer_weights)


for scene in (quiet_scene, loud_scene):
    print(torch.autograd.functional.jacobian(fully_connected, scene))

# %% query
drinkable = torch.tensor([0.1, 0.0, 0.9, 0.1, 0.1])
readable = torch.tensor([0.7, 0.5, 0.0, 0.3, 0.9])
keys = torch.stack((drinkable, readable), dim=1)  # (things, 2)
wishes = {"drink": [1.0, 0.0], "read": [0.0, 1.0]}
for wish, query in wishes.items():
    weights = torch.softmax(5 * keys @ torch.tensor(query), dim=0)
    print(f"{wish} -> {things[int(weights.argmax())]}")
    shares = zip(things, weights, strict=True)
    print("   ", *(f"{thing} {share:.2f} " for thing, share in shares))

# %% key-is-value
memory = torch.tensor([1.0, 2.0, 4.0, 7.0])
blurred = torch.tensor([1.2, 3.8, 6.5])
attention_pooling(blurred, memory, memory, w=3.0)

# %% candidates
x = torch.tensor([0.5, 1.5, 2.0, 3.0, 4.5])
y = truth(x)
queries = torch.tensor([0.8, 2.4, 4.0])
n_pairs = len(x)
torch.stack((x, y))

# %% average
average_pooling(queries, y)

# %% kernel-weights
distances = queries[:, None] - x  # (queries, keys)
closeness = gaussian(distances)
alpha = closeness / closeness.sum(dim=1, keepdim=True)
print(alpha)
print(alpha @ y)

# %% softmax
by_softmax = torch.softmax(-(distances**2) / 2, dim=1)
print("largest difference:", f"{(alpha - by_softmax).abs().max():.0e}")
print("smallest weight:   ", f"{by_softmax.min():.4f}")
print("sum of each row:   ", by_softmax.sum(dim=1))

# %% weights-by-w
several_w = torch.tensor([0.0, 1.0, 3.0])
fig, ax = plt.subplots(figsize=(4.4, 2.7))
for w, marker in zip(several_w, "os^", strict=True):
    row = attention_weights(queries[1:2], x, w=w)[0]
    ax.plot(x, row, marker=marker, clip_on=False, label=f"w = {w:.0f}")
ax.axvline(float(queries[1]), color="0.5", linewidth=1, linestyle=":")
ax.set(xlabel="key", ylabel="attention weight", ylim=(0, None))
legend = ax.legend()

# %% learnable
net_seed = 1
generator = torch.Generator().manual_seed(net_seed)
net = NWKernelRegression(generator=generator)
print([(name, w.shape) for name, w in net.named_parameters()])
net(queries, x.expand(3, -1), y.expand(3, -1))

# %% general-form
weighted_sum = attention_weights(queries, x) @ y
torch.allclose(attention_pooling(queries, x, y), weighted_sum)
