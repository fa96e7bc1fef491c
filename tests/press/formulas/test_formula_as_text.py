"""Formulas on one line say what the formula says."""

import re

import pytest
from lxml import html

from attnbook.press.formulas import render_katex
from attnbook.press.formulas.formula_as_text import linear


def typed(tex: str) -> str:
    (formula,) = render_katex.render([(tex, True)])
    (found,) = html.fromstring(formula).xpath("descendant-or-self::math")
    return re.sub("[\u200b-\u200d\u2060-\u2064]", "", linear(found))


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        ("x_i", "x_i"),
        (r"x_i^{0.8} + x^{2n}", "x_i^0.8+x^2n"),
        (r"\frac{1}{2} x", "½x"),
        (r"\frac{a + b}{c} x", "(a+b)/c x"),
        (r"\frac{1}{\sqrt{2\pi}} e^{-u^2/2}", "1/√(2π) e^(−u^2/2)"),
        (r"\frac{(a)(b)}{(a + b)}", "((a)(b))/(a+b)"),
        (r"\sum_{i=1}^n \alpha_i", "∑_(i=1)^n α_i"),
        (r"f'(x)", "f′(x)"),
        (r"\hat{y} = \text{留一}", "y^=留一"),
        (r"y = 3x \tag{10.2.4}", "y=3x(10.2.4)"),
    ],
)
def test_a_formula_on_one_line(tex, line):
    assert typed(tex) == line
