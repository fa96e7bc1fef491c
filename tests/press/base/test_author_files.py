"""Texts of authors: what is wrong with them is said with file, line and mend."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnbook.press.base import author_files
from attnbook.press.base.errors import PressError

TEXT = "first\n第二行：注意力\n"


@given(text=st.text(st.characters(exclude_categories=("C",))))
def test_a_text_in_utf_8_is_read_as_it_is(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("text") / "a.md"
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + text.encode())
        assert author_files.read(path) == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (TEXT.encode("gb18030"), 2, "not UTF-8, but reads as GB18030"),
        (TEXT.encode("utf-16"), 1, "not UTF-8, but UTF-16"),
        (b"one\ntwo \xff\xff\xff", 2, "not UTF-8"),
        (b"a\nb\nc\x07", 3, r"U\+0007, a control character"),
        (b"a\x00b", 1, r"U\+0000, a control character"),
    ],
)
def test_another_encoding_is_named_with_its_line(tmp_path, content, line, words):
    path = tmp_path / "page.md"
    path.write_bytes(content)
    with pytest.raises(PressError, match=words) as caught:
        author_files.read(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert caught.value.mend


def test_what_is_no_file_is_not_read(tmp_path):
    folder, pipe, link = (tmp_path / name for name in ("folder", "pipe", "link"))
    folder.mkdir()
    link.symlink_to("nowhere.md")
    with pytest.raises(PressError, match="this is no file"):
        author_files.read(folder)
    with pytest.raises(PressError, match=r"leads to 'nowhere\.md', which does not exist"):
        author_files.read(link)
    if hasattr(os, "mkfifo"):
        os.mkfifo(pipe)
        with pytest.raises(PressError, match="this is no file"):
            author_files.read(pipe)


def test_a_missing_file_is_for_the_caller_to_explain(tmp_path):
    with pytest.raises(FileNotFoundError):
        author_files.read(tmp_path / "page.md")
