"""The cache: an entry is found while all it depends on is as it was, and only if it is whole."""

import dataclasses
import json
import os
import subprocess
import sys

import pytest

from attnbook.press.execution import chapter_cache as caching
from attnbook.press.source.chapter_script import Cell, Chapter
from attnbook.press.source.figure_messages import Catalogue


@pytest.fixture
def chapter(tmp_path):
    return Chapter("toy", tmp_path / "toy.py", (Cell("one", "x = 1", 3), Cell("two", "x", 6)))


@pytest.fixture
def catalogue(tmp_path):
    return Catalogue(tmp_path / "messages.csv", ("en", "zh"), (("loss", "损失"),))


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A package of the book to depend on, in place of attnbook itself."""
    package = tmp_path / "root" / "attnbook"
    for name in (
        "kernels.py",
        "cues.py",
        "book.mplstyle",
        "press/execution/chapter_cache.py",
        "press/pages/weave.py",
    ):
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")
    monkeypatch.setattr(caching, "PACKAGE", package)
    return package


SOURCES, DISTRIBUTIONS = ["attnbook/kernels.py"], ["tornado"]


def entry(cache, chapter, catalogue):
    """A sealed entry, made as `execute` makes one."""
    with caching.partial(cache) as work:
        folder = work / "entry"
        (folder / "figures").mkdir(parents=True)
        (folder / "figures" / "fit.svg").write_text("<svg/>", encoding="utf-8")
        record = {"sources": SOURCES, "distributions": DISTRIBUTIONS}
        (folder / caching.RECORD).write_text(json.dumps(record), encoding="utf-8")
        caching.seal(folder)
        name = caching.key(chapter, catalogue, SOURCES, DISTRIBUTIONS)
        return caching.keep(folder, cache / f"{chapter.name}-{name}")


def test_an_entry_is_found_while_nothing_changes(tmp_path, library, chapter, catalogue):
    cache = tmp_path / "cache"
    made = entry(cache, chapter, catalogue)
    found = caching.find(cache, chapter, catalogue)
    assert found is not None
    assert found[0] == made
    assert caching.find(cache, dataclasses.replace(chapter, name="other"), catalogue) is None


def test_what_an_execution_depends_on_changes_its_key(library, chapter, catalogue, monkeypatch):
    def key(chapter=chapter, catalogue=catalogue, sources=SOURCES):
        return caching.key(chapter, catalogue, sources, DISTRIBUTIONS)

    keys = [key()]
    one, two = chapter.cells
    keys.append(key(dataclasses.replace(chapter, cells=(one,))))
    keys.append(
        key(dataclasses.replace(chapter, cells=(one, dataclasses.replace(two, source="y"))))
    )
    keys.append(key(dataclasses.replace(chapter, cells=(one, dataclasses.replace(two, label="y")))))
    keys.append(key(catalogue=dataclasses.replace(catalogue, rows=(("loss", "误差"),))))
    keys.append(key(sources=["attnbook/kernels.py", "attnbook/cues.py"]))
    (library / "kernels.py").write_text("# changed\n", encoding="utf-8")
    keys.append(key())
    (library / "book.mplstyle").write_text("lines.linewidth: 3\n", encoding="utf-8")
    keys.append(key())
    (library / "press" / "execution" / "chapter_cache.py").write_text(
        "# changed\n", encoding="utf-8"
    )
    keys.append(key())
    monkeypatch.setattr(caching.metadata, "version", lambda name: "0")
    keys.append(key())
    monkeypatch.setattr(caching.platform, "machine", lambda: "abacus")
    keys.append(key())
    monkeypatch.setattr(caching.sys, "version", f"9{caching.sys.version}")
    keys.append(key())
    assert len(set(keys)) == len(keys)


def test_what_it_does_not_depend_on_leaves_the_key(library, chapter, catalogue):
    def key(chapter=chapter):
        return caching.key(chapter, catalogue, SOURCES, DISTRIBUTIONS)

    before = key()
    (library / "cues.py").write_text("# changed\n", encoding="utf-8")
    (library / "press" / "pages" / "weave.py").write_text("# changed\n", encoding="utf-8")
    moved = tuple(dataclasses.replace(cell, line=cell.line + 10) for cell in chapter.cells)
    assert key(dataclasses.replace(chapter, cells=moved)) == before  # a longer docstring
    os.utime(library / "kernels.py", (1, 1))
    assert key() == before


def test_a_source_that_is_gone_is_a_change(tmp_path, library, chapter, catalogue):
    cache = tmp_path / "cache"
    entry(cache, chapter, catalogue)
    (library / "kernels.py").unlink()
    assert caching.find(cache, chapter, catalogue) is None


def test_the_older_of_two_entries_is_found_again(tmp_path, library, chapter, catalogue):
    cache, path = tmp_path / "cache", library / "kernels.py"
    before, made = path.read_text(), entry(cache, chapter, catalogue)
    path.write_text("# changed\n", encoding="utf-8")
    assert entry(cache, chapter, catalogue) != made
    path.write_text(before, encoding="utf-8")
    found = caching.find(cache, chapter, catalogue)
    assert found is not None
    assert found[0] == made


@pytest.mark.parametrize("damage", ["changed", "lost", "added", "unsealed", "unreadable", "empty"])
def test_a_damaged_entry_is_removed_and_never_used(tmp_path, library, chapter, catalogue, damage):
    cache = tmp_path / "cache"
    made = entry(cache, chapter, catalogue)
    figure = made / "figures" / "fit.svg"
    match damage:
        case "changed":
            figure.write_text("<svg />", encoding="utf-8")
        case "lost":
            figure.unlink()
        case "added":
            figure.with_name("other.svg").touch()
        case "unsealed":
            (made / caching.MANIFEST).unlink()
        case "unreadable":
            (made / caching.RECORD).write_bytes(b"\xff")
        case _:
            (made / caching.RECORD).write_text("null")
    assert caching.find(cache, chapter, catalogue) is None
    assert list(cache.iterdir()) == []


def test_the_first_of_two_equal_entries_stays(tmp_path, library, chapter, catalogue):
    cache = tmp_path / "cache"
    made = entry(cache, chapter, catalogue)
    stamp = (made / caching.MANIFEST).stat().st_ino
    assert entry(cache, chapter, catalogue) == made
    assert (made / caching.MANIFEST).stat().st_ino == stamp
    (made / "figures" / "fit.svg").unlink()
    assert entry(cache, chapter, catalogue) == made
    assert caching.intact(made)


def test_a_failure_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), caching.partial(tmp_path) as work:
        (work / "file").touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_only_what_the_dead_left_is_swept(tmp_path):
    code = (
        "import sys, os, pathlib; from attnbook.press.execution import chapter_cache\n"
        "with chapter_cache.partial(pathlib.Path(sys.argv[1])): os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    (left,) = tmp_path.iterdir()
    with caching.partial(tmp_path) as work:
        assert not left.exists()
        caching.sweep(tmp_path)
        assert work.exists()


def test_pruning_keeps_what_was_used_and_what_is_newer(tmp_path, library, chapter, catalogue):
    cache = tmp_path / "cache"
    made = []
    for age, source in enumerate(("x = 3", "x = 2", "x = 1")):
        cells = (dataclasses.replace(chapter.cells[0], source=source),)
        made.append(entry(cache, dataclasses.replace(chapter, cells=cells), catalogue))
        os.utime(made[-1], (100 + age, 100 + age))
    (cache / "notes.txt").touch()
    old, used, newer = made
    assert caching.prune(cache, [used]) == [old]
    assert sorted(cache.iterdir()) == sorted([used, newer, cache / "notes.txt"])
    assert caching.prune(cache, []) == []


def test_a_change_during_a_run_is_noticed(library):
    before = caching.state()
    (library / "cues.py").write_text("# changed\n", encoding="utf-8")
    assert not caching.changed(before, SOURCES)
    assert caching.changed(before, [*SOURCES, "attnbook/cues.py"])
    before = caching.state()
    (library / "new.mplstyle").touch()
    assert caching.changed(before, SOURCES)


def test_what_is_loaded_for_a_cached_chapter_is_small():
    # Not the package itself, whose public names are another matter.
    code = (
        "import sys, types; package = sys.modules['attnbook'] = types.ModuleType('attnbook')\n"
        "package.__path__ = [sys.argv[1]]; import attnbook.press.execution.execute\n"
        "print(*{'torch', 'matplotlib', 'numpy', 'nbclient', 'psutil'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, caching.PACKAGE], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == ""
