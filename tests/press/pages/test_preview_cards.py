"""Cards: their size, their bytes, and where their lines break."""

from __future__ import annotations

import io

import pytest
from matplotlib.image import imread

from attnbook.press.pages import preview_cards


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("index.md", "index"),
        ("about.md", "about"),
        ("figures/index.md", "figures"),
        ("figures/toy-data/index.md", "figures-toy-data"),
        ("notebooks/attention-cues.ipynb", "attention-cues"),
    ],
)
def test_a_page_knows_its_card(page, name):
    assert preview_cards.name(page) == f"cards/{name}.png"


def test_a_card_has_the_size_that_sites_ask_for_and_the_same_bytes_every_time(tmp_path):
    first = preview_cards.card("10.2 注意力汇聚", "注意力之书", "中文", tmp_path / "a")
    again = preview_cards.card("10.2 注意力汇聚", "注意力之书", "中文", tmp_path / "b")
    assert first == again
    assert imread(io.BytesIO(first)).shape[:2] == (630, 1200)
    assert preview_cards.card("10.1 注意力提示", "注意力之书", "中文", tmp_path / "a") != first


def test_a_card_is_drawn_once(tmp_path, monkeypatch):
    card = preview_cards.card("Title", "Book", "English", tmp_path)
    monkeypatch.setattr(preview_cards, "_drawn", None)  # to draw again would fail
    assert preview_cards.card("Title", "Book", "English", tmp_path) == card


def test_a_figure_is_on_its_card(tmp_path):
    picture = preview_cards.card("inner", "a", "b", tmp_path)
    plain = imread(io.BytesIO(preview_cards.card("T", "a", "b", tmp_path)))
    shown = imread(io.BytesIO(preview_cards.card("T", "a", "b", tmp_path, picture)))
    box = shown[148:570, 640:1128]
    assert (box.min(axis=2) < 0.5).sum() > 500, "the picture's strip and letters"
    assert plain.shape == shown.shape


@pytest.mark.parametrize(
    "title",
    [
        "10.2 注意力汇聚：Nadaraya-Watson 核回归",
        "Weights of the nonparametric model: training inputs by test inputs",
        "带参数的注意力汇聚在测试输入上的预测，与真实函数和训练数据放在一起比较，看它有多平滑",
    ],
)
def test_titles_fit_and_break_where_a_reader_would(title):
    size, lines = preview_cards._set(title, 520)
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    for line in lines:
        assert line == line.strip() and line[0] not in preview_cards.CLOSING
        assert preview_cards._length(line) * size <= 520
