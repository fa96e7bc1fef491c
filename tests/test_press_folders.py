"""Folders are written so that nothing half-written is found where a finished one should be."""

import pytest

from attnbook.press import folders


def test_mirror_leaves_exactly_the_files_asked_for(tmp_path):
    (tmp_path / "old" / "deep").mkdir(parents=True)
    (tmp_path / "old" / "deep" / "file").write_text("x")
    source = tmp_path.parent / "source"
    source.write_bytes(b"copied")
    folders.mirror(tmp_path, {"a/b": b"new", "c": source})
    found = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert found == {"a/b", "c"}
    assert (tmp_path / "c").read_bytes() == b"copied"
    assert not (tmp_path / "old").exists()


def test_mirror_touches_only_what_changed(tmp_path):
    folders.mirror(tmp_path, {"a": b"1", "b": b"1"})
    before = (tmp_path / "a").stat().st_mtime_ns
    folders.mirror(tmp_path, {"a": b"1", "b": b"2"})
    assert (tmp_path / "a").stat().st_mtime_ns == before
    assert (tmp_path / "b").read_bytes() == b"2"


@pytest.mark.parametrize("exists", [False, True])
def test_replace_puts_the_new_folder_in_place(tmp_path, exists):
    new, target = tmp_path / "new", tmp_path / "site" / "zh"
    if exists:
        target.mkdir(parents=True)
        (target / "old").touch()
    new.mkdir()
    (new / "page").touch()
    folders.replace(target, new, aside=tmp_path / "aside")
    assert [path.name for path in target.iterdir()] == ["page"]
    assert not new.exists()
    assert not (tmp_path / "aside").exists()


def test_recover_brings_back_what_waited_aside(tmp_path):
    target, aside = tmp_path / "site", tmp_path / "aside"
    aside.mkdir()
    (aside / "good").touch()
    folders.recover(target, aside=aside)
    assert (target / "good").exists()
    assert not aside.exists()


def test_recover_keeps_the_new_folder_once_it_is_in_place(tmp_path):
    target, aside = tmp_path / "site", tmp_path / "aside"
    target.mkdir()
    aside.mkdir()
    folders.recover(target, aside=aside)
    assert target.exists()
    assert not aside.exists()
