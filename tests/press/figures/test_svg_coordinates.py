"""Coordinates of a drawing: fewer digits, the same picture."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from attnbook.press.figures.svg_coordinates import DECIMALS, coarse

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
numbers = st.lists(st.floats(-2000, 2000).map(lambda x: f"{x:.6f}"), min_size=1)


def values(text):
    return np.array([float(number) for number in NUMBER.findall(text)])


@given(numbers)
def test_no_point_of_a_path_moves_further_than_half_of_the_last_digit(points):
    path = f'<path d="M {" ".join(points)} z"/>'
    done = coarse(path)
    assert np.abs(values(done) - values(path)).max() <= 0.5 * 10**-DECIMALS + 1e-9
    assert len(done) <= len(path)
    assert coarse(done) == done
    assert "-0 " not in done


@pytest.mark.parametrize(
    "untouched",
    [
        '<g transform="matrix(0.869504 0 0 0.869504 19.279385 3.000241)"/>',
        '<image x="1.234567" width="320.123456" xlink:href="data:image/png;base64,1.234567 "/>',
        '<path id="d1.234567" style="stroke-width: 0.123456"/>',
        '<text x="1.234567">d="1.234567 "</text>',
        "<style>@font-face{src:url(data:font/woff2;base64,AA1.234567)}</style>",
    ],
)
def test_what_is_no_place_of_a_path_or_mark_keeps_its_digits(untouched):
    assert coarse(untouched) == untouched


def test_marks_are_placed_as_finely_as_paths():
    mark = '<use xlink:href="#m1.234567" x="1.234567" y="-0.001" style="stroke-width: 0.25"/>'
    assert coarse(mark) == (
        '<use xlink:href="#m1.234567" x="1.23" y="0" style="stroke-width: 0.25"/>'
    )


def test_a_drawing_of_matplotlib_keeps_all_its_points(tmp_path):
    figure, axes = plt.subplots()
    axes.plot(np.random.default_rng(0).normal(size=(50, 2)), marker="o")
    figure.savefig(tmp_path / "a.svg")
    plt.close(figure)
    before = (tmp_path / "a.svg").read_text("utf-8")
    after = coarse(before)
    assert len(after) < len(before) - 1500
    old, new = (etree.fromstring(svg.encode()) for svg in (before, after))
    paths = [
        (path.get("d"), new_path.get("d"))
        for path, new_path in zip(old.iter(f"{SVG}path"), new.iter(f"{SVG}path"), strict=True)
    ]
    assert len(paths) > 10
    for one, other in paths:
        assert np.allclose(values(one), values(other), rtol=0, atol=0.5001 * 10**-DECIMALS)
