"""The letters that a drawing brings along: all that it needs, and not many more."""

import io
import re
from base64 import b64decode

import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from matplotlib import font_manager
from pypdf import PdfReader

from attnbook.press.figures import svg_letters
from attnbook.press.figures.draw_files import use_fonts_of_the_book
from figure_record import draw, published

pytestmark = pytest.mark.slow

SVG = "{http://www.w3.org/2000/svg}"
FACE = re.compile(
    r"@font-face\{font-family:'(?P<family>[^']+)';font-style:(?P<style>\w+);font-weight:\w+;"
    r"src:url\(data:font/woff2;base64,(?P<font>[^)]+)\)\}"
)


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("drawn"))


@pytest.fixture
def fonts():
    """The fonts of the book, as in the kernel that draws."""
    before = list(font_manager.fontManager.ttflist)
    use_fonts_of_the_book()
    yield
    font_manager.fontManager.ttflist = before


def faces(svg):
    """By family and style, the characters that the drawing's own fonts have."""
    found = {}
    for match in FACE.finditer(svg):
        with TTFont(io.BytesIO(b64decode(match["font"]))) as font:
            found[match["family"], match["style"]] = {chr(code) for code in font.getBestCmap()}
    return found


def a_text(text, family="'Noto Sans SC', 'DejaVu Sans'", style=""):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="a"><text style="font-size: 9px; '
        f'font-family: {family};{style}">{text}</text></svg>'
    )


@pytest.mark.parametrize(("language", "label"), [("zh", "真实函数"), ("en", "truth")])
def test_texts_are_texts_and_their_letters_come_along(stem, language, label):
    svg = published(stem, language, "svg").decode()
    texts = [text.text for text in etree.fromstring(svg.encode()).iter(f"{SVG}text")]
    assert label in texts
    (known,) = faces(svg).values()
    assert known == set("".join(texts))


def test_a_letter_comes_from_the_first_font_that_has_it(fonts):
    found = faces(svg_letters.embed(a_text("权\u0200x")))  # U+0200 is in DejaVu Sans alone
    assert found == {("Noto Sans SC", "normal"): {"权", "x"}, ("DejaVu Sans", "normal"): {"\u0200"}}


def test_italics_of_formulas_have_a_face_of_their_own(fonts):
    svg = svg_letters.embed(a_text("𝘹", "'STIXGeneral'", " font-style: italic"))
    assert faces(svg) == {("STIXGeneral", "italic"): {"𝘹"}}


def test_nothing_stands_between_the_parts_of_a_formula(fonts):
    part = "<tspan x='0' style=\"font-family: 'STIXGeneral'\">{}</tspan>"
    parts = f"\n {part.format('a')}\n  {part.format(' b')}\n "
    svg = a_text("x").replace("</svg>", f"<text>{parts}</text></svg>")
    text = etree.fromstring(svg_letters.embed(svg).encode())[-1]
    assert "".join(text.itertext()) == "a b"


def test_a_font_of_a_drawing_is_known_by_its_name(fonts):
    (match,) = FACE.finditer(svg_letters.embed(a_text("x")))
    with TTFont(io.BytesIO(b64decode(match["font"]))) as font:
        assert font["name"].getDebugName(6) == "attnbook-NotoSansSC-Regular"


def test_a_drawing_without_texts_stays_as_it_is():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" id="a"><path d="M 0 0"/></svg>'
    assert svg_letters.embed(svg) == svg


def test_a_font_that_nobody_has_is_an_error(fonts):
    with pytest.raises(ValueError, match="No Such Font"):
        svg_letters.embed(a_text("x", "'No Such Font'"))


def test_a_drawing_is_light_and_its_fonts_are_small(stem):
    svg = published(stem, "zh", "svg")
    assert sum(len(match["font"]) for match in FACE.finditer(svg.decode())) < 8_000
    assert len(svg) < 20_000


def test_the_fonts_of_a_document_are_true_type(stem):
    fonts = [
        font.get_object()
        for page in PdfReader(io.BytesIO(published(stem, "zh", "pdf"))).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    kinds = {
        descendant.get_object()["/Subtype"]
        for font in fonts
        for descendant in font["/DescendantFonts"]
    }
    assert kinds == {"/CIDFontType2"}
