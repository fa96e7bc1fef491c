"""What builds keep for the next: made once of the same, made anew of anything else."""

import shutil

import pytest

from attnbook.press.base import kept_results
from attnbook.press.base.kept_results import forget_others, kept, tool_digest


def test_a_result_is_made_once_of_the_same_parts(tmp_path):
    assert kept(tmp_path, "a", ("x", 1), lambda: b"made") == b"made"
    assert kept(tmp_path, "a", ("x", 1), lambda: pytest.fail("made twice")) == b"made"
    assert kept(tmp_path, "b", ("x", 1), lambda: b"other") == b"other"


@pytest.mark.parametrize("parts", [("x", 2), ("x", "1"), ("x",), "\ud800"])
def test_other_parts_give_another_result_and_the_old_one_goes(tmp_path, parts):
    kept(tmp_path, "a", ("x", 1), lambda: b"old")
    assert kept(tmp_path, "a", parts, lambda: b"new") == b"new"
    assert len(list((tmp_path / "a").iterdir())) == 1


def test_a_file_that_another_build_is_writing_stays(tmp_path):
    kept(tmp_path, "a", 1, lambda: b"old")
    [path] = (tmp_path / "a").iterdir()
    beside = path.with_name(f"{path.name}.4711")
    beside.write_bytes(b"half")
    kept(tmp_path, "a", 2, lambda: b"new")
    assert beside.exists() and not path.exists()


def test_a_damaged_result_is_made_again(tmp_path):
    kept(tmp_path, "a", (), lambda: b"whole")
    [path] = (tmp_path / "a").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    assert kept(tmp_path, "a", (), lambda: b"whole") == b"whole"


def test_what_is_no_longer_wanted_is_forgotten(tmp_path):
    for name in ("a", "b"):
        kept(tmp_path, name, (), lambda: b"x")
    forget_others(tmp_path, ["a"])
    forget_others(tmp_path / "none", ["a"])
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_another_press_makes_everything_anew(tmp_path, monkeypatch):
    package = tmp_path / "attnbook"
    shutil.copytree(kept_results.PACKAGE / "press", package / "press")
    monkeypatch.setattr(kept_results, "PACKAGE", package)
    before = tool_digest()
    assert tool_digest() == before
    words = package / "press" / "words" / "en.toml"
    words.write_text(words.read_text("utf-8") + "# a word\n", "utf-8")
    assert tool_digest() != before
