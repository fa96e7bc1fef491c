"""Published figures: every language and format, the same bytes each time, nothing untold."""

import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib import font_manager

from attnbook.press.base.errors import PressError
from attnbook.press.figures.draw_files import publish, use_fonts_of_the_book
from attnbook.press.figures.figure import describe
from attnbook.press.source.figure_messages import Catalogue

pytestmark = pytest.mark.slow

ROWS = (
    ("truth", "真实函数"),
    ("queries", "查询"),
    ("cup", "杯子"),
    ("book", "书"),
    ("width {}", "宽度 {}"),
    ("arrow →⛄", "箭头"),
)


@pytest.fixture(autouse=True)
def drawing():
    """Matplotlib as in a kernel of the press, and afterwards as it was."""
    fonts = list(font_manager.fontManager.ttflist)
    with mpl.rc_context():
        plt.switch_backend("agg")
        use_fonts_of_the_book()
        plt.style.use("attnbook.book")
        yield
        plt.close("all")
    font_manager.fontManager.ttflist = fonts


@pytest.fixture
def catalogue(tmp_path):
    return Catalogue(tmp_path / "messages.csv", ("en", "zh"), ROWS)


def example():
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.plot([0, 1], [0, 1], label="truth")
    axes.set(title="width 0.5", xlabel="x", ylabel="queries")
    axes.legend()
    return figure


def texts(svg):
    """The texts of a drawing, which are texts: one can search for them."""
    elements = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(element.itertext()).strip() for element in elements]


def read(folder, name):
    return (folder / name).read_text(encoding="utf-8")


def test_every_language_gets_every_format(tmp_path, catalogue):
    figure = publish(example(), "fit", tmp_path, catalogue)
    assert (figure.slug, figure.width, figure.height) == ("fit", 288, 192)
    names = sorted(path.name for path in tmp_path.iterdir())
    formats = ("pdf", "png", "svg")
    assert names == [f"fit.{language}.{kind}" for language in ("en", "zh") for kind in formats]
    assert plt.imread(tmp_path / "fit.zh.png").shape[:2] == (2 * 192, 2 * 288)
    root = ET.fromstring(read(tmp_path, "fit.zh.svg"))
    assert (root.get("width"), root.get("height")) == ("216pt", "144pt")  # of 4/3 CSS pixels


def test_text_is_translated_and_then_as_before(tmp_path, catalogue):
    figure = example()
    publish(figure, "fit", tmp_path, catalogue)
    english, chinese = (texts(read(tmp_path, f"fit.{code}.svg")) for code in ("en", "zh"))
    assert {"truth", "queries", "width 0.5", "x"} <= set(english)
    assert {"真实函数", "查询", "宽度 0.5", "x"} <= set(chinese)
    axes = figure.axes[0]
    assert (axes.get_title(), axes.get_ylabel()) == ("width 0.5", "queries")
    assert axes.get_legend().get_texts()[0].get_text() == "truth"


def test_tick_labels_and_categories_are_translated(tmp_path, catalogue):
    figure, axes = plt.subplots()
    axes.bar(["cup", "book"], [1, 2])
    axes.set_yticks([0, 1, 2], labels=["0", "queries", "2"])
    publish(figure, "bars", tmp_path, catalogue)
    assert {"杯子", "书", "查询"} <= set(texts(read(tmp_path, "bars.zh.svg")))
    assert [text.get_text() for text in axes.get_yticklabels()] == ["0", "queries", "2"]
    assert "cup" in texts(read(tmp_path, "bars.en.svg"))


def test_a_translated_label_gets_the_room_it_needs(tmp_path, catalogue):
    long = Catalogue(catalogue.path, ("en", "zh"), (("loss", "很" * 20),))
    figure, axes = plt.subplots(figsize=(4, 4))
    axes.set_ylabel("loss", rotation=0)
    publish(figure, "room", tmp_path, long)  # sticks out unless it is laid out anew


def test_two_publications_have_the_same_bytes(tmp_path, catalogue, monkeypatch):
    publish(example(), "fit", tmp_path / "a", catalogue)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    publish(example(), "fit", tmp_path / "b", catalogue)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_no_file_tells_when_or_by_what_it_was_made(tmp_path, catalogue):
    publish(example(), "fit", tmp_path, catalogue)
    for path in tmp_path.iterdir():
        content = path.read_bytes().lower()
        assert mpl.__version__.encode() not in content
        assert b"date>" not in content
        assert b"creationdate" not in content
    assert "<!DOCTYPE" not in read(tmp_path, "fit.en.svg")


@pytest.mark.parametrize(
    "place", ["title", "xlabel", "legend", "suptitle", "tick", "annotation", "colorbar"]
)
def test_a_missing_translation_is_named(tmp_path, catalogue, place):
    figure, axes = plt.subplots()
    image = axes.imshow([[0.0, 1.0]], label="nowhere")
    match place:
        case "title" | "xlabel":
            axes.set(**{place: "nowhere"})
        case "legend":
            axes.plot([0], [0], label="nowhere")
            axes.legend()
        case "suptitle":
            figure.suptitle("nowhere")
        case "tick":
            axes.set_xticks([0], labels=["nowhere"])
        case "annotation":
            axes.annotate("nowhere", (0, 0))
        case _:
            figure.colorbar(image, label="nowhere")
    with pytest.raises(PressError, match="'nowhere' in the figure has no translation") as caught:
        publish(figure, "fit", tmp_path, catalogue)
    assert "messages.csv" in caught.value.mend


@pytest.mark.parametrize(
    ("text", "character"),
    [("⛄ 5", "U+26C4"), ("$x⛄$", "U+26C4"), ("$数$", "U+6570"), ("arrow →⛄", "U+26C4")],
)
def test_a_character_that_no_font_has_is_named(tmp_path, catalogue, text, character):
    figure, axes = plt.subplots()
    axes.set_title(text)
    with pytest.raises(PressError, match=re.escape(character)) as caught:
        publish(figure, "fit", tmp_path, catalogue)
    assert "'fit'" in caught.value.what
    assert caught.value.mend


def test_maths_that_cannot_be_read_is_refused(tmp_path, catalogue):
    figure, axes = plt.subplots()
    axes.set_title(r"$\frac{1$")
    with pytest.raises(PressError, match="cannot draw the figure 'fit'") as caught:
        publish(figure, "fit", tmp_path, catalogue)
    assert "frac" in caught.value.detail


def test_a_text_that_sticks_out_is_refused(tmp_path, catalogue):
    figure, axes = plt.subplots(layout="none")
    axes.text(0.9, 0.5, "width 0.123456789123456789", transform=axes.transAxes)
    with pytest.raises(PressError, match="sticks out of the figure 'fit' in 'en' by"):
        publish(figure, "fit", tmp_path, catalogue)


def test_hidden_text_may_stick_out(tmp_path, catalogue):
    figure, axes = plt.subplots(layout="none")
    axes.text(5, 0.5, "queries", transform=axes.transAxes, visible=False)
    axes.text(5, 0.6, "queries", transform=axes.transAxes, clip_on=True)
    publish(figure, "fit", tmp_path, catalogue)


@pytest.mark.parametrize("size", [(float("inf"), 1), (0, 1)])
def test_a_size_that_cannot_be_shown_is_refused(tmp_path, catalogue, size):
    figure = plt.figure()
    figure.bbox_inches.p1 = size
    with pytest.raises(PressError, match="CSS pixels"):
        publish(figure, "fit", tmp_path, catalogue)


def test_a_warning_of_matplotlib_is_refused(tmp_path, catalogue):
    figure, axes = plt.subplots(figsize=(0.2, 0.2))  # the layout gives up
    axes.set_title("queries")
    with pytest.raises(PressError, match="Matplotlib warns of the figure 'fit'"):
        publish(figure, "fit", tmp_path, catalogue)


def test_a_missing_font_family_is_refused(tmp_path, catalogue):
    figure, axes = plt.subplots()
    axes.set_title("queries", family="No Such Font")
    with pytest.raises(PressError, match="No Such Font"):
        publish(figure, "fit", tmp_path, catalogue)


def test_only_fonts_that_come_along_are_known():
    families = {entry.name for entry in font_manager.fontManager.ttflist}
    assert {"Noto Sans SC", "DejaVu Sans"} <= families
    files = [entry.fname for entry in font_manager.fontManager.ttflist]
    assert all("matplotlib" in file or "zhplot" in file for file in files)


def test_describe_gives_an_image_its_words(tmp_path, catalogue):
    publish(example(), "fit", tmp_path, catalogue)
    plain = read(tmp_path, "fit.zh.svg")
    svg = describe(plain, "拟合 & 真值", "a < b")
    root = ET.fromstring(svg)
    title, desc = root[0], root[1]
    assert (title.text, desc.text) == ("拟合 & 真值", "a < b")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert (title.get("id"), desc.get("id")) == ("fit-zh-title", "fit-zh-desc")


def test_describing_again_replaces(tmp_path, catalogue):
    publish(example(), "fit", tmp_path, catalogue)
    plain = read(tmp_path, "fit.en.svg")
    again = describe(describe(plain, "old title", "old"), "new")
    assert again == describe(plain, "new")
    assert describe(again, "") == plain


def test_describe_wants_a_published_drawing():
    with pytest.raises(ValueError, match="root element has an id"):
        describe("<svg></svg>", "title")
