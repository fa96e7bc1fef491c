"""The colours of a drawing in the dark."""

import re

import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from attnbook.press.figures import svg_dark
from figure_record import draw, published

pytestmark = pytest.mark.slow

INKS = ["#000000", "#1f2328", "#57606a", "#0072b2", "#d55e00", "#009e73", "#e69f00", "#cc79a7"]
AN_ILLUSTRATION = (
    '<svg xmlns="http://www.w3.org/2000/svg" id="a"><g id="figure_1">'
    '<g id="patch_1"><path style="fill: #ffffff"/></g><g id="illustration">'
    '<g id="patch_2"><path style="fill: #b3202c"/></g>'
    '<g id="on-paper-lids"><path style="stroke: #1f2328"/></g></g>'
    '<g id="axes_2"><g id="text_1"><path style="fill: #1f2328"/></g></g></g></svg>'
)


@pytest.fixture(scope="module")
def drawing(tmp_path_factory):
    return published(draw(tmp_path_factory.mktemp("drawn")), "zh", "svg").decode()


def contrast(one, two):
    return Color(one).contrast(two, method="wcag21")


def colours(svg):
    return set(re.findall(r"#[0-9a-f]{6}", re.sub("<style.*?</style>", "", svg, flags=re.DOTALL)))


@pytest.mark.parametrize("ink", INKS)
def test_every_ink_of_the_book_can_be_seen_in_the_dark(ink):
    assert contrast(svg_dark.in_the_dark(ink), svg_dark.PAPER) >= 4.5


def test_what_is_darkest_on_white_is_palest_in_the_dark():
    pale = [
        Color(svg_dark.in_the_dark(ink)).luminance() for ink in ("#000000", "#1f2328", "#57606a")
    ]
    assert pale == sorted(pale, reverse=True)
    assert svg_dark.in_the_dark("#ffffff") == svg_dark.PAPER


@given(st.integers(0, 0xFFFFFF))
def test_a_hue_stays_what_it_is(number):
    colour = f"#{number:06x}"
    made = svg_dark.in_the_dark(colour)
    assert re.fullmatch("#[0-9a-f]{6}", made)
    before, after = Color(colour).convert("oklch"), Color(made).convert("oklch")
    if min(before["chroma"], after["chroma"]) > 0.05:
        turned = abs(before["hue"] - after["hue"])
        assert min(turned, 360 - turned) < 12


def test_an_adaptive_drawing_is_the_same_in_the_light(drawing):
    made = svg_dark.adaptive(drawing)
    assert colours(made) == colours(drawing)
    (rules,) = re.findall(r"@media \(prefers-color-scheme: dark\)\{(.*?)\n\}", made, re.DOTALL)
    told = dict(re.findall(r"\.(\w+)\{\w+:(#[0-9a-f]{6})!important\}", rules))
    for element in etree.fromstring(made.encode()).iter():
        for name, colour in re.findall(r"(fill|stroke): (#\w{6})", element.get("style") or ""):
            if svg_dark.in_the_dark(colour) != colour:
                known = f"{name[:2]}{colour[1:]}"
                assert known in element.get("class").split()
                assert told[known] == svg_dark.in_the_dark(colour)


def test_a_drawing_for_dark_slides_has_no_paper(drawing):
    made = svg_dark.dark(drawing)
    wanted = {svg_dark.in_the_dark(colour) for colour in colours(drawing)}
    assert colours(made) <= wanted
    root = etree.fromstring(made.encode())
    backgrounds = root.xpath("//*[@id='figure_1' or starts-with(@id, 'axes_')]/*[1]")
    assert backgrounds
    for first in backgrounds:
        assert (
            svg_dark.PAPER not in etree.tostring(first).decode() or first.get("id")[:5] == "axes_"
        )


def test_hatches_change_with_the_rest():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" id="a"><pattern>'
        '<rect fill="#0072b2"/></pattern></svg>'
    )
    assert f'fill="{svg_dark.in_the_dark("#0072b2")}"' in svg_dark.dark(svg)
    assert "fi0072b2" in svg_dark.adaptive(svg)


def test_things_keep_their_colours_and_what_is_beside_them_does_not():
    def colours(svg: str) -> list[str]:
        root = etree.fromstring(svg.encode())
        return [path.get("style") for path in root.iter("{*}path")]

    ink, cup = svg_dark.in_the_dark("#1f2328"), "fill: #b3202c"
    assert colours(AN_ILLUSTRATION) == ["fill: #ffffff", cup, "stroke: #1f2328", "fill: #1f2328"]
    # The paper of the figure is gone, and with it the white slab on a dark page.
    assert colours(svg_dark.dark(AN_ILLUSTRATION)) == [cup, f"stroke: {ink}", f"fill: {ink}"]
    adaptive = etree.fromstring(svg_dark.adaptive(AN_ILLUSTRATION).encode())
    changed = [path.get("class") for path in adaptive.iter("{*}path")]
    assert changed == ["fiffffff", None, "st1f2328", "fi1f2328"]
