"""Formulas: what KaTeX makes of them, and what it refuses."""

from __future__ import annotations

import re

import pytest

from attnbook.press.formulas import render_katex

BOOK = [
    r"y_i = 2\sin(x_i) + x_i^{0.8} + \epsilon, \quad \epsilon \sim \mathcal{N}(0, 0.5^2)"
    r" \tag{10.2.1}",
    r"f(x) = \sum_{i=1}^n \frac{K(x - x_i)}{\sum_{j=1}^n K(x - x_j)} y_i \tag{10.2.3}",
    r"\begin{aligned} f(x) &= \sum_i \alpha(x, x_i) y_i \\ &= \sum_i \mathrm{softmax}(u)_i y_i"
    r" \end{aligned} \tag{10.2.6}",
    r"w \to \infty \quad\text{（留一，n 个样本）}",
    r"a < b \text{ and } c \lt d",
]


def test_formulas_come_back_in_order_as_html_and_mathml():
    first, second = render_katex.render([("x_1", False), (r"\alpha", True)])
    assert "katex-display" not in first
    assert "<math" in first
    assert ">x_1</annotation>" in first
    assert "katex-display" in second
    assert "α" in second


@pytest.mark.parametrize("tex", BOOK)
def test_what_the_book_writes_is_set(tex):
    (html,) = render_katex.render([(tex, True)])
    assert "katex-error" not in html
    if tag := re.search(r"\\tag\{(.*?)\}", tex):
        assert tag[1] in html


def test_a_batch_is_one_run_and_what_is_known_needs_none(monkeypatch):
    runs = []
    katex = render_katex._katex
    monkeypatch.setattr(
        render_katex, "_katex", lambda formulas: runs.append(formulas) or katex(formulas)
    )
    monkeypatch.setattr(render_katex, "_rendered", {})
    wanted = [("a", False), ("b", False), ("a", False), ("a", True)]
    html = render_katex.render(wanted)
    assert html[0] == html[2] != html[3]
    assert runs == [[("a", False), ("b", False), ("a", True)]]
    assert render_katex.render(wanted) == html
    assert len(runs) == 1
    assert render_katex.render([]) == []


@pytest.mark.parametrize(
    ("tex", "message", "position"),
    [
        (r"x + \foo", "Undefined control sequence", 4),
        (r"\frac{1", "Unexpected end of input", 7),
        ("权重", "Unicode text character", 0),
        (r"x \href{https://a.example}{y}", r"\href has no place", None),
        (r"{x", "Expected '}'", 2),
    ],
)
def test_what_latex_would_not_set_is_an_error_that_says_where(tex, message, position):
    with pytest.raises(render_katex.MathsError) as caught:
        render_katex.render([("x", True), (tex, True)])
    assert caught.value.tex == tex
    assert message.lower() in caught.value.message.lower()
    if position is not None:
        assert caught.value.position == position


def test_assets_are_complete(tmp_path):
    render_katex.assets(tmp_path)
    css = (tmp_path / "katex.min.css").read_text("utf-8")
    named = set(re.findall(r"url\(([^)]*)\)", css))
    assert named == {f"fonts/{path.name}" for path in (tmp_path / "fonts").iterdir()}
    assert all(name.endswith(".woff2") for name in named)
    assert len(named) > 15
    assert (tmp_path / "LICENSE").read_text("utf-8").startswith("The MIT License")
