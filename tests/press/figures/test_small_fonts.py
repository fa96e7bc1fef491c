"""Fonts cut once for the whole book: no figure is another one for it."""

import json

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.backends import _backend_pdf_ps

from attnbook.press.figures import small_fonts, svg_letters
from attnbook.press.figures.draw_files import publish, use_fonts_of_the_book
from attnbook.press.source.figure_messages import Catalogue

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def drawing(monkeypatch):
    """Matplotlib as in a kernel of the press, with whole fonts; afterwards as it was."""
    monkeypatch.setattr(font_manager.fontManager, "ttflist", font_manager.fontManager.ttflist)
    monkeypatch.setattr(small_fonts, "_fonts", None)
    monkeypatch.setattr(_backend_pdf_ps, "get_glyphs_subset", _backend_pdf_ps.get_glyphs_subset)
    with mpl.rc_context():
        plt.switch_backend("agg")
        use_fonts_of_the_book()
        plt.style.use("attnbook.book")
        yield
        plt.close("all")


@pytest.fixture
def catalogue(tmp_path):
    rows = (("efficient truth", "真实函数"), ("queries \N{NO-BREAK SPACE} −½", "查询"))
    return Catalogue(tmp_path / "messages.csv", ("en", "zh"), rows)


def bytes_of_a_figure(folder, catalogue):
    """Every file of a figure with ligatures, kerning, formulas and fonts of formulas, by name."""
    svg_letters._woff2.cache_clear()
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.plot([1e-3, 1], [-1, 1], label="efficient truth")
    axes.set(title=r"$\sqrt{\hat\alpha^2} \leq \sum_i \mathcal{K}$", xscale="log")
    axes.set_xlabel("queries \N{NO-BREAK SPACE} −½")
    axes.legend()
    publish(figure, "fit", folder, catalogue)
    plt.close(figure)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_figure_has_the_bytes_that_whole_fonts_give(tmp_path, catalogue):
    expected = bytes_of_a_figure(tmp_path / "whole", catalogue)
    small_fonts.use(tmp_path / "fonts", catalogue)
    assert bytes_of_a_figure(tmp_path / "small", catalogue) == expected
    noto = next((tmp_path / "fonts").glob("NotoSansSC-Regular-*.ttf"))
    with TTFont(noto) as font:
        assert ord("真") in font.getBestCmap()
        assert ord("鼎") not in font.getBestCmap()


def test_a_font_is_cut_once(tmp_path, catalogue, monkeypatch):
    small_fonts.use(tmp_path / "fonts", catalogue)
    expected = bytes_of_a_figure(tmp_path / "first", catalogue)
    monkeypatch.setattr(small_fonts.SmallFonts, "_cut", None)  # to cut again would fail
    small_fonts.use(tmp_path / "fonts", catalogue)
    assert bytes_of_a_figure(tmp_path / "again", catalogue) == expected


@pytest.mark.parametrize("kind", ["ttf", "json"])
def test_a_damaged_font_is_cut_again(tmp_path, catalogue, kind):
    small_fonts.use(tmp_path / "fonts", catalogue)
    expected = bytes_of_a_figure(tmp_path / "first", catalogue)
    for path in (tmp_path / "fonts").glob(f"*.{kind}"):
        path.write_bytes(path.read_bytes()[:-9])  # the disk was full
    small_fonts.use(tmp_path / "fonts", catalogue)
    assert bytes_of_a_figure(tmp_path / "again", catalogue) == expected


def test_other_messages_have_other_fonts(tmp_path, catalogue):
    path = svg_letters.findfont("Noto Sans SC")
    fonts = small_fonts.SmallFonts(tmp_path, catalogue)
    other = small_fonts.SmallFonts(
        tmp_path, Catalogue(catalogue.path, ("en", "zh"), (*catalogue.rows, ("cup", "杯")))
    )
    assert fonts.of(path).path != other.of(path).path


def test_characters_of_no_message_come_from_the_whole_font(tmp_path, catalogue):
    path = svg_letters.findfont("Noto Sans SC")
    small_fonts.use(tmp_path, catalogue)
    with small_fonts.open_font(path, "真鼎") as font:
        assert {ord("真"), ord("鼎")} <= set(font.getBestCmap())
    with TTFont(path) as font:
        glyphs = {font.getGlyphID(font.getBestCmap()[ord(letter)]) for letter in "真鼎"}
    with _backend_pdf_ps.get_glyphs_subset(font_manager.FontPath(path, 0), glyphs) as cut:
        assert {ord("真"), ord("鼎")} <= set(cut.font.getBestCmap())
        assert glyphs <= cut.glyph_index_map.keys()


def test_an_interrupted_cut_is_not_taken_for_a_font(tmp_path, catalogue):
    path = svg_letters.findfont("Noto Sans SC")
    small = small_fonts.SmallFonts(tmp_path, catalogue).of(path).path
    small.with_suffix(".json").unlink()
    small.write_bytes(b"half a font")
    assert small_fonts.SmallFonts(tmp_path, catalogue).of(path).path == small
    with TTFont(small) as font:
        assert ord("真") in font.getBestCmap()
    assert json.loads(small.with_suffix(".json").read_text("utf-8"))["post_format"] == 3.0
