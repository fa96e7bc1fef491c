"""What the command line says at the end of what failed: how the site is now."""

from __future__ import annotations

import pytest

import fake_book
from attnbook.press import __main__ as command
from attnbook.press.base import safe_files
from attnbook.press.base.errors import PressError, PressErrors
from attnbook.press.editions import pdf_print

FAILURES = {
    "a mistake": (PressError("no such cell"), 1, "no such cell\n\n1 error; "),
    "two mistakes": (PressErrors([PressError("a"), PressError("b")]), 1, "a\nb\n\n2 errors; "),
    "an interruption": (KeyboardInterrupt(), 130, "\ninterrupted; "),
}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A book that has a Chromium and nothing else."""
    root = tmp_path / "book"
    root.mkdir()
    fake_book.write_settings(root)
    monkeypatch.chdir(root)
    monkeypatch.setattr(command.pdf.chromium, "check", lambda: "chromium")
    return root


@pytest.fixture(params=FAILURES)
def failure(request):
    return FAILURES[request.param]


def built(place):
    """Build a site at ``place``, as the press does."""
    new = place.with_name("work")
    new.mkdir()
    (new / "index.html").touch()
    safe_files.replace(place, new)


def ending(monkeypatch, capsys, arguments, error, *, building, place):
    """The code and the last words of a command that fails with ``error``."""

    def build(options):
        if building == "fails":
            raise error
        built(place)
        return 0

    def printed(*_):
        raise error

    monkeypatch.setattr(command.build, "run", build)
    monkeypatch.setattr(pdf_print, "pdfs", printed)
    return command.main(arguments), capsys.readouterr().err


def test_a_failed_build_leaves_the_site(root, monkeypatch, capsys, failure):
    error, code, words = failure
    built(root / "site")
    done = ending(
        monkeypatch,
        capsys,
        ["--root", str(root), "build"],
        error,
        building="fails",
        place=root / "site",
    )
    assert done[0] == code
    assert done[1].endswith(f"{words}site/ is as it was.\n")


def test_a_first_build_that_fails_leaves_nothing(root, monkeypatch, capsys, failure):
    error, code, words = failure
    done = ending(
        monkeypatch,
        capsys,
        ["--root", str(root), "pdf"],
        error,
        building="fails",
        place=root / "site",
    )
    assert done[0] == code
    assert done[1].endswith(f"{words}nothing was built.\n")


@pytest.mark.parametrize("first", [True, False])
def test_a_printing_that_fails_comes_after_the_site(root, monkeypatch, capsys, failure, first):
    error, code, words = failure
    if not first:
        built(root / "site")
    done = ending(
        monkeypatch,
        capsys,
        ["--root", str(root), "pdf"],
        error,
        building="works",
        place=root / "site",
    )
    assert done[0] == code
    assert done[1].endswith(f"{words}site/ was built anew before that.\n")


def test_the_site_that_was_named_is_the_one_told_of(root, monkeypatch, capsys, failure):
    error, code, words = failure
    built(root / "site")
    built(root / "other")
    arguments = ["--root", str(root), "pdf", "--site", "other"]
    done = ending(monkeypatch, capsys, arguments, error, building="never", place=root / "other")
    assert done[0] == code
    assert done[1].endswith(f"{words}other/ is as it was.\n")


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_site_is_not_replaced(root, capsys, kind):
    place = root / "papers"
    if kind == "folder":
        place.mkdir()
    precious = place / "prose.md" if kind == "folder" else place
    precious.write_text("years of work")
    assert command.main(["--root", str(root), "build", "--site", str(place)]) == 1
    assert precious.read_text() == "years of work"
    told = capsys.readouterr().err
    assert told.startswith("\npapers: this is no site that was built before")
    assert told.endswith("1 error; papers/ is as it was.\n")


@pytest.mark.parametrize("error", [ValueError("no such thing\nand more"), KeyError("x"), OSError()])
def test_what_nobody_foresaw_ends_in_a_sentence_and_keeps_the_site(
    root, monkeypatch, capsys, error
):
    built(root / "site")
    arguments = ["--root", str(root), "build"]
    code, words = ending(
        monkeypatch, capsys, arguments, error, building="fails", place=root / "site"
    )
    assert code == 1
    assert type(error).__name__ in words and "Traceback" not in words
    assert words.endswith("the traceback is in build/traceback.txt; site/ is as it was.\n")
    trace = (root / "build" / "traceback.txt").read_text("utf-8")
    assert trace.startswith("Traceback") and type(error).__name__ in trace


@pytest.mark.parametrize("name", ["pdf", "epub"])
def test_a_command_that_builds_first_knows_all_that_a_build_asks(name):
    parser = command._parser()
    build, other = parser.parse_args(["build"]), parser.parse_args([name])
    assert set(vars(build)) <= set(vars(other))
    assert other.generator == build.generator
