"""10.1 Attention cues: where the eye goes, as queries, keys and values.

The cells of docs/zh/attention-cues.md and docs/en/attention-cues.md.
The file is also plain Python: run it, and it prints every output.
"""

# %% imports
import matplotlib.pyplot as plt
import torch

from attnbook import cues
from attnbook.diagnostics import effective_neighbours
from attnbook.diagrams import draw_attention_diagram
from attnbook.plotting import show_heatmaps
from attnbook.pooling import average_pooling

plt.style.use("attnbook.book")
torch.set_printoptions(precision=3, sci_mode=False)

# %% optic-nerve
bits_per_cell = 875_000 / 100_000
ganglion_cells = 1_000_000
measured_megabits = ganglion_cells * bits_per_cell / 1e6
behaviour_bits = 10
surplus = measured_megabits * 1e6 / behaviour_bits

print(f"one human optic nerve: {measured_megabits:.2f} megabits/s")
print(f"sent for every bit acted upon: {surplus:,.0f} bits")

# %% saliency-map
image = cues.render()
stands_out = cues.saliency(image)

fig, ax = plt.subplots(figsize=(4.4, 2.9))
cues.draw_scene(ax)
layer = cues.draw_saliency(ax, stands_out)
bar = fig.colorbar(layer, shrink=0.8, label="saliency")

# %% gaze-on-the-cup
gaze = cues.fixation(stands_out)

fig, ax = plt.subplots(figsize=(4.4, 3.6))
cues.draw_scene(ax, labels=True)
cues.draw_gaze(ax, gaze)

# %% what-stands-out
names = [thing.name for thing in cues.OBJECTS]


def most_salient(scene):
    """The object with the most salient spot, the next, the lead."""
    everywhere = cues.saliency(cues.render(scene))
    best = (cues.regions(scene) * everywhere).amax(dim=(1, 2))
    first, second = best.topk(2).indices.tolist()
    lead = float(best[first] - best[second])
    return names[first], names[second], lead


red = cues.Scene()
as_light = cues.Scene(
    cup_colour=cues.grey_as_light_as(red.cup_colour),
    coffee_colour=cues.grey_as_light_as(red.coffee_colour),
)
scenes = {
    "red cup": red,
    "red cup, moved": cues.Scene(cup_at=(5.0, 1.0)),
    "grey, as light": as_light,
    "dark grey": cues.Scene(cup_colour="0.2", coffee_colour="0.2"),
}
leads = {}
for title, scene in scenes.items():
    first, second, leads[title] = most_salient(scene)
    lead = f"{leads[title]:.2f}"
    print(f"{title:15} -> {first}, ahead of the {second} by {lead}")

lead_in_red = leads["red cup"]
gap_in_grey = leads["grey, as light"]
gap_in_dark_grey = leads["dark grey"]

# %% keys
keys = cues.keys()
print(" " * 14 + "".join(f"{feature:>10}" for feature in cues.FEATURES))
for name, key in zip(names, keys, strict=True):
    print(f"{name:14}" + "".join(f"{number:10.1f}" for number in key))

# %% queries
wishes = {
    "read a book": cues.query(readable=3, long=3),
    "catch up on news": cues.query(readable=3, new=3),
    "write something": cues.query(writable=3),
    "drink": cues.query(drinkable=3),
}
for wish, query in wishes.items():
    weights = cues.volitional_attention(query)
    print(f"{wish:17} -> {names[int(weights.argmax())]:14}{weights}")

# %% gaze-on-the-book
with_query = cues.volitional_attention(wishes["read a book"])
share_of_book = with_query[names.index("book")]

fig, ax = plt.subplots(figsize=(4.4, 3.6))
cues.draw_scene(ax, labels=True)
cues.draw_gaze(ax, cues.target(with_query, cues.regions()))

# %% with-and-without-query
without_query = cues.nonvolitional_attention(stands_out, cues.regions())
cup_without = without_query[names.index("cup of coffee")]
cup_with = with_query[names.index("cup of coffee")]

fig, ax = plt.subplots(figsize=(4.4, 3.4))
sets = {"without a query": without_query, "with a query": with_query}
bars = cues.plot_attention(ax, sets)

# %% queries-keys-values
fig, ax = plt.subplots(figsize=(4.4, 4.0))
draw_attention_diagram(ax)

# %% equal-weights
values = torch.tensor([2.0, 7.0, 1.0, 8.0])
equal = torch.full((1, 4), 1 / 4)
print(equal @ values, average_pooling(torch.tensor([0.0]), values))

# %% weighted-average
scores = torch.tensor([[0.0, 3.0, 0.0, 1.0]])
weights = torch.softmax(scores, dim=1)
print(weights, weights @ values)

# %% identity-heatmap
attention_weights = torch.eye(10).reshape((1, 1, 10, 10))
fig = show_heatmaps(attention_weights, xlabel="Keys", ylabel="Queries")

# %% identity-pooling
ten_values = torch.arange(10.0) ** 2
attention_weights[0, 0] @ ten_values

# %% translation
source = ["我", "想", "喝", "咖啡"]
source_states = torch.eye(4)
wanted = {
    "I": [1.0, 0.0, 0.0, 0.0],
    "would like": [0.0, 0.9, 0.2, 0.0],
    "some": [0.0, 0.0, 0.3, 0.6],
    "coffee": [0.0, 0.0, 0.1, 1.0],
}
for token, state in wanted.items():
    scores = 4 * torch.tensor(state) @ source_states.T
    alignment = zip(source, torch.softmax(scores, dim=0), strict=True)
    print(f"{token:11}", *(f"{word} {a:.2f} " for word, a in alignment))

# %% random-softmax-heatmap
matrix_seed = 10
generator = torch.Generator().manual_seed(matrix_seed)
random_scores = torch.randn(10, 10, generator=generator)
soft = torch.softmax(random_scores, dim=1)
sharp = torch.softmax(5 * random_scores, dim=1)

fig = show_heatmaps(
    torch.stack((soft, sharp)).reshape(1, 2, 10, 10),
    xlabel="Keys",
    ylabel="Queries",
    titles=["scores", "5 × scores"],
    figsize=(4.4, 2.4),
)

# %% random-softmax-rows
soft_neighbours = effective_neighbours(soft).mean()
sharp_neighbours = effective_neighbours(sharp).mean()
row_sums, column_sums = soft.sum(dim=1), soft.sum(dim=0)
print(f"rows sum to {row_sums.min():.2f}–{row_sums.max():.2f}")
print(f"columns to  {column_sums.min():.2f}–{column_sums.max():.2f}")
print(f"effective neighbours: {soft_neighbours:.1f}")
print(f"with scores times 5:  {sharp_neighbours:.1f}")
