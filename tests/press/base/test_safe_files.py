"""Folders are written so that nothing half-written is found where a finished one should be."""

import errno
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from attnbook.press.base import safe_files
from attnbook.press.base.errors import PressError


def test_mirror_leaves_exactly_the_files_asked_for(tmp_path):
    (tmp_path / "old" / "deep").mkdir(parents=True)
    (tmp_path / "old" / "deep" / "file").write_text("x")
    source = tmp_path.parent / "source"
    source.write_bytes(b"copied")
    safe_files.mirror(tmp_path, {"a/b": b"new", "c": source})
    found = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert found == {"a/b", "c"}
    assert (tmp_path / "c").read_bytes() == b"copied"
    assert not (tmp_path / "old").exists()


def test_mirror_touches_only_what_changed(tmp_path):
    safe_files.mirror(tmp_path, {"a": b"1", "b": b"1"})
    before = (tmp_path / "a").stat().st_mtime_ns
    safe_files.mirror(tmp_path, {"a": b"1", "b": b"2"})
    assert (tmp_path / "a").stat().st_mtime_ns == before
    assert (tmp_path / "b").read_bytes() == b"2"


@pytest.mark.parametrize("damage", [b"", b"x", None, "cut", "changed"])
def test_a_damaged_file_of_a_cache_is_made_again(tmp_path, damage):
    path = tmp_path / "cache" / "font"
    assert safe_files.cached(path, lambda: b"line\nline\n") == b"line\nline\n"
    assert safe_files.cached(path, lambda: pytest.fail("made twice")) == b"line\nline\n"
    whole = path.read_bytes()
    changed = {"cut": whole[:-3], "changed": whole[:-1] + b"?", None: None}
    content = changed.get(damage, damage)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert safe_files.cached(path, lambda: b"new") == b"new"
    assert safe_files.cached(path, lambda: pytest.fail("made twice")) == b"new"


def test_a_cache_on_a_full_disk_keeps_nothing_half_written(tmp_path, monkeypatch):
    def full(self, content):
        with self.open("wb") as file:
            file.write(content[:5])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        safe_files.cached(tmp_path / "font", lambda: b"content")
    assert list(tmp_path.iterdir()) == []


def folder(path, name):
    """A folder with one file in it."""
    path.mkdir(parents=True)
    (path / name).write_text(name)
    return path


def names(path):
    return sorted(found.name for found in path.iterdir())


@pytest.fixture(params=["the same file system", "another", "another, as Python sees it"])
def elsewhere(request, tmp_path, monkeypatch):
    """A folder to work in; what is renamed out of it may have to be copied."""
    if request.param == "another":
        shared = Path("/dev/shm")
        if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("the machine has no second file system at /dev/shm")
        with tempfile.TemporaryDirectory(dir=shared) as made:
            yield Path(made)
        return
    if request.param == "another, as Python sees it":
        rename = os.rename

        def refused(source, target, **rest):
            if ("work" in Path(source).parts) != ("work" in Path(target).parts):
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            return rename(source, target, **rest)

        monkeypatch.setattr(os, "rename", refused)
    yield tmp_path / "work"


@pytest.mark.parametrize("exists", [False, True])
def test_replace_puts_the_new_folder_in_place(tmp_path, elsewhere, exists):
    new, target = folder(elsewhere / "new", "page"), tmp_path / "site" / "zh"
    if exists:
        folder(target, "old")
    safe_files.replace(target, new)
    assert names(target) == ["page"]
    assert names(target.parent) == ["zh"]
    assert not new.exists()


@pytest.mark.parametrize("failing", [".site-new", "site"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_the_old_folder_stays_if_a_move_fails(tmp_path, monkeypatch, failing, error):
    new, target = folder(tmp_path / "work", "page"), folder(tmp_path / "site", "old")
    moves = [shutil.move, Path.rename]

    def fail(move):
        def moved(source, to):
            # Bringing the old folder back has to work.
            if Path(to).name == failing and Path(source).name != ".site-replaced":
                raise error
            return move(source, to)

        return moved

    monkeypatch.setattr(safe_files, "_exchange", lambda *_: False)
    monkeypatch.setattr(shutil, "move", fail(moves[0]))
    monkeypatch.setattr(Path, "rename", fail(moves[1]))
    with pytest.raises((PressError, KeyboardInterrupt)) as caught:
        safe_files.replace(target, new)
    assert names(target) == ["old"]
    assert not set(names(tmp_path)) - {"site", "work"}
    if isinstance(error, OSError):
        assert "No space left" in str(caught.value) and "site:" in str(caught.value)
        assert "mend: " in str(caught.value)


def test_what_nobody_used_for_long_is_forgotten(tmp_path):
    old, used, new = (tmp_path / name for name in ("old", "used", "new"))
    for path in (old, used):
        safe_files.cached(path, lambda: b"x")
        os.utime(path, (0, 0))
    safe_files.cached(new, lambda: b"y")
    assert safe_files.cached(used, lambda: pytest.fail("it is there")) == b"x"
    safe_files.prune_unused(tmp_path)
    assert names(tmp_path) == ["new", "used"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges folders")
def test_where_the_system_exchanges_folders_the_place_is_never_empty(tmp_path):
    target = folder(tmp_path / "site", "page0")
    ended, absent = threading.Event(), []

    def watch():
        while not ended.is_set():
            if not os.path.exists(target):  # noqa: PTH110 — the fastest question there is
                absent.append(True)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(1, 60):
        safe_files.replace(target, folder(tmp_path / "work", f"page{number}"))
        assert names(target) == [f"page{number}"]
    ended.set()
    watcher.join()
    assert absent == []
    assert names(tmp_path) == ["site"]


def test_where_it_does_not_the_new_folder_comes_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(safe_files, "_exchange", lambda *_: False)
    target = folder(tmp_path / "site", "old")
    safe_files.replace(target, folder(tmp_path / "work", "page"))
    assert names(target) == ["page"]
    assert names(tmp_path) == ["site"]


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_everybody_may_read_what_is_put_in_place_whatever_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        new = folder(tmp_path / "work", "page")
        folder(new / "below", "other")
        safe_files.replace(tmp_path / "site", new)
    finally:
        os.umask(before)
    for path in (tmp_path / "site", *(tmp_path / "site").rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)


def test_a_copy_that_was_interrupted_is_made_anew(tmp_path):
    folder(tmp_path / ".site-new", "half")
    safe_files.replace(tmp_path / "site", folder(tmp_path / "work", "page"))
    assert names(tmp_path) == ["site"]
    assert names(tmp_path / "site") == ["page"]


def test_recover_brings_back_what_waited_aside(tmp_path):
    folder(tmp_path / ".site-replaced", "good")
    safe_files.recover(tmp_path / "site")
    assert names(tmp_path / "site") == ["good"]
    assert names(tmp_path) == ["site"]


def test_recover_keeps_the_new_folder_once_it_is_in_place(tmp_path):
    folder(tmp_path / "site", "new")
    folder(tmp_path / ".site-replaced", "old")
    safe_files.recover(tmp_path / "site")
    assert names(tmp_path / "site") == ["new"]
    assert names(tmp_path) == ["site"]


def test_recover_leaves_what_waits_for_another_place(tmp_path):
    folder(tmp_path / "a" / ".site-replaced", "good")
    safe_files.recover(tmp_path / "b" / "site")
    assert names(tmp_path / "a" / ".site-replaced") == ["good"]
    assert not (tmp_path / "b").exists()
