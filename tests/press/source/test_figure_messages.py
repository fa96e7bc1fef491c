"""The message catalogue: what has to be translated, and what a table may hold."""

import pytest

from attnbook.press.base.errors import PressError
from attnbook.press.source.figure_messages import Catalogue, MissingTranslation, is_language_neutral


def table(tmp_path, text):
    path = tmp_path / "messages.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def catalogue(tmp_path):
    return Catalogue.load(
        table(
            tmp_path,
            "en,zh\n"
            "loss,损失\n"
            "w = {},w 为 {}\n"
            "{} of {},{} 之 {}\n"
            "trained: w = {},训练后：w = {}\n"
            '"keys, sorted","键，已排序"\n',
        )
    )


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("loss", "损失"),
        ("keys, sorted", "键，已排序"),
        ("w = 0.5", "w 为 0.5"),
        ("trained: w = −13.8", "训练后：w = −13.8"),
        ("loss of 3", "损失 之 3"),
        ("w = $x_i$", "w 为 $x_i$"),
    ],
)
def test_holes_take_computed_parts_and_other_messages(catalogue, text, chinese):
    assert catalogue.translate(text, "zh") == chinese
    assert catalogue.translate(text, "en") == text


@pytest.mark.parametrize("text", ["accuracy", "Loss", "loss of nothing", "trained: w = unknown"])
def test_words_without_a_row_are_missing_in_every_language(catalogue, text):
    for language in ("en", "zh"):
        with pytest.raises(MissingTranslation):
            catalogue.translate(text, language)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "0.5", "−1.5", "1e−05", "×10³", "x", "α(x, xᵢ)", "f(x)", "$\\sum_i w_i$", "50 %"],
)
def test_numbers_symbols_and_formulas_need_no_row(catalogue, text):
    assert is_language_neutral(text)
    assert catalogue.translate(text, "zh") == text


@pytest.mark.parametrize("text", ["loss", "数", "$x$ and y", "\\$5 or \\$6", "Ж"])
def test_words_need_a_row(text):
    assert not is_language_neutral(text)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("english,chinese\n", 1, "does not name the columns"),
        ("en,zh\nloss,损失\nloss,误差\n", 3, "'loss' is translated twice"),
        ("en,zh\nloss,\n", 2, "does not have 2 texts"),
        ("en,zh\nkeys, sorted,键\n", 2, "does not have 2 texts"),
        ("en,zh\nw = {},w\n", 2, "same number of {}"),
        ('en,zh\n"loss,损失\n', 2, "cannot be read"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(tmp_path, text, line, what):
    path = table(tmp_path, text)
    with pytest.raises(PressError, match=what) as caught:
        Catalogue.load(path)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(PressError, match="no message catalogue"):
        Catalogue.load(tmp_path / "messages.csv")
