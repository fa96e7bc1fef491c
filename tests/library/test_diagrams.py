"""The diagram of queries, keys and values."""

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import Rectangle

from attnbook.diagrams import draw_attention_diagram
from attnbook.press.source.figure_messages import Catalogue

mpl.use("agg")
CATALOGUE = Catalogue.load(Path(__file__).parents[2] / "docs" / "messages.csv")


@pytest.fixture
def diagram():
    with plt.style.context("attnbook.book"):
        fig, ax = plt.subplots(figsize=(4.4, 4.0))
        draw_attention_diagram(ax)
        yield fig, ax
    plt.close(fig)


def test_names_the_parts_in_words_of_the_glossary(diagram):
    words = [text.get_text() for text in diagram[1].texts]
    for word in ("query", "keys", "values", "attention pooling", "attention weights", "output"):
        assert word in words
    assert all(CATALOGUE.translate(word, "zh") for word in words)


def test_every_key_has_a_value_and_a_weight(diagram):
    words = [text.get_text() for text in diagram[1].texts]
    assert [f"$k_{i}$" in words and f"$v_{i}$" in words for i in range(1, 5)] == [True] * 4
    weights = [float(word) for word in words if word.replace(".", "").isdigit()]
    assert len(weights) == 4
    assert sum(weights) == pytest.approx(1)
    bars = [patch.get_height() for patch in diagram[1].patches if type(patch) is Rectangle]
    assert [bar / sum(bars) for bar in bars] == pytest.approx(weights)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_texts_meet_and_none_leaves_the_figure(diagram, language):
    fig, ax = diagram
    for text in ax.texts:
        text.set_text(CATALOGUE.translate(text.get_text(), language))
    fig.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    for i, box in enumerate(boxes):
        assert fig.bbox.x0 <= box.x0 <= box.x1 <= fig.bbox.x1
        assert fig.bbox.y0 <= box.y0 <= box.y1 <= fig.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:i])
