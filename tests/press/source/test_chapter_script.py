"""Chapter scripts: what a cell is, and what is refused with file and line."""

import pytest

from attnbook.press.base.errors import PressError
from attnbook.press.source.chapter_script import Cell, read


def script(tmp_path, text):
    path = tmp_path / "toy.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_cells_know_their_label_code_and_line(tmp_path):
    chapter = read(script(tmp_path, '"""Doc."""\n\n# %% one\n\n\na = 1\n\n# %% two-b\nb = 2\n'))
    assert chapter.name == "toy"
    assert chapter.cells == (Cell("one", "a = 1", 6), Cell("two-b", "b = 2", 9))


def test_what_stands_before_the_first_marker_is_no_cell(tmp_path):
    chapter = read(script(tmp_path, "import os\n# %% only\nx = 1\n"))
    assert chapter.labels == ["only"]
    assert "os" not in chapter["only"].source


def test_blank_lines_inside_a_cell_stay_and_around_it_go(tmp_path):
    chapter = read(script(tmp_path, "# %% c\n\nx = 1\n\n\ny = 2\n\n\n"))
    assert chapter["c"].source == "x = 1\n\n\ny = 2"


def test_a_marker_inside_a_line_is_code(tmp_path):
    chapter = read(script(tmp_path, "# %% c\nx = '# %% d'\n    # %% e\n"))
    assert chapter.labels == ["c"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("# %%\nx = 1\n", 1, "not a slug"),
        ("# %% Weights\nx = 1\n", 1, "'Weights'"),
        ("# %% two words\nx = 1\n", 1, "not a slug"),
        ("# %% a--b\nx = 1\n", 1, "not a slug"),
        ("# %% a\nx = 1\n# %% a\nx = 2\n", 3, "already used in line 1"),
        ("# %% a\n\n# %% b\nx = 2\n", 1, "'a' is empty"),
        ("x = 1\n", None, "no cells"),
    ],
)
def test_mistakes_are_refused_with_file_and_line(tmp_path, text, line, what):
    path = script(tmp_path, text)
    with pytest.raises(PressError, match=what) as caught:
        read(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert caught.value.mend


def test_a_missing_script_is_named(tmp_path):
    with pytest.raises(PressError, match=r"no chapter script gone\.py"):
        read(tmp_path / "gone.py")
