"""``python -m attnbook.press``: figures and citations from the shell, as a user types it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import fake_book

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    return fake_book.write(tmp_path_factory.mktemp("shell") / "book")


@pytest.fixture
def shell(book, tmp_path):
    def run(*arguments: str, root: Path = book) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "attnbook.press", "--root", str(root), *arguments]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    return run


def test_figures_are_listed_with_their_titles(shell):
    assert shell("list", "--lang", "en").stdout.split(maxsplit=2) == [
        "line",
        "toy",
        "A straight line\n",
    ]
    assert "一条直线" in shell("list").stdout


def test_one_figure_takes_only_the_cells_it_needs(book, shell, tmp_path):
    """A cell that cannot run does not matter to a figure that does not need it."""
    chapter = book / fake_book.SCRIPT
    kept = chapter.read_text(encoding="utf-8")
    chapter.write_text(
        kept.replace("# %% line", "# %% broken\nraise RuntimeError('not needed')\n\n# %% line"),
        encoding="utf-8",
    )
    pages = [book / "docs" / language / "toy.md" for language in ("zh", "en")]
    before = [page.read_text(encoding="utf-8") for page in pages]
    for page, text in zip(pages, before, strict=True):
        page.write_text(
            text.replace("<details", "``` cell\nbroken\n```\n\n<details", 1), encoding="utf-8"
        )
    try:
        done = shell("figure", "line", "--format", "png")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "line.png").read_bytes().startswith(b"\x89PNG")
        assert "executing 3 cells" in done.stderr
        assert done.stdout == ""
    finally:
        chapter.write_text(kept, encoding="utf-8")
        for page, text in zip(pages, before, strict=True):
            page.write_text(text, encoding="utf-8")


def test_files_are_those_of_the_site(small, shell, tmp_path):
    target = tmp_path / "made"
    kinds = ("svg", "dark.svg", "pdf", "png", "csv", "pptx", "bib", "ris", "json", "zip")
    for kind in kinds:
        output = target / f"line.{kind}"
        done = shell("figure", "line", "--lang", "en", "--format", kind, "--output", str(output))
        assert done.returncode == 0, done.stderr
    for kind in kinds:
        published = small / "book" / "site" / "en" / "figures" / f"line.{kind}"
        assert published.read_bytes() == (target / f"line.{kind}").read_bytes(), kind


def test_a_file_is_never_overwritten_unasked(shell, tmp_path):
    path = tmp_path / "line.svg"
    path.write_text("mine")
    refused = shell("figure", "line")
    assert refused.returncode == 1
    assert "already there" in refused.stderr and "--force" in refused.stderr
    assert path.read_text() == "mine"
    assert shell("figure", "line", "--force").returncode == 0
    assert "<svg" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_named(shell, tmp_path):
    (tmp_path / "file").write_text("")
    done = shell("figure", "line", "--output", "file/line.svg")
    assert done.returncode == 1
    assert "file/line.svg" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("figure", "lime"), "did you mean line?"),
        (("figure", "zzz"), "python -m attnbook.press list"),
        (("figure", "line", "--format", "pngs"), "did you mean png"),
        (("figure", "line", "--format", "docx"), "no format 'docx'"),
        (("figure", "line", "--lang", "fr"), "no language 'fr'"),
        (("cite", "lin"), "did you mean line?"),
        (("cite", "line", "--style", "gb7714"), "did you mean gbt7714 or"),
    ],
)
def test_what_is_unknown_gets_near_matches(shell, tmp_path, arguments, said):
    done = shell(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stdout == "" and not list(tmp_path.iterdir())


def test_without_a_checkout_it_says_so(shell, tmp_path):
    done = shell("list", root=tmp_path)
    assert done.returncode == 1
    assert "checkout" in done.stderr


@pytest.mark.parametrize(
    ("style", "mark"),
    [
        ("gbt7714", "[M/OL]"),
        ("gbt7714-2015", "[M/OL]"),
        ("apa", "[Figure]"),
        ("bibtex", "@"),
        ("ris", "TY  - "),
        ("csl", '"title"'),
    ],
)
def test_a_figure_is_cited_without_executing_anything(shell, style, mark):
    done = shell("cite", "line", "--lang", "en", "--style", style)
    assert done.returncode == 0, done.stderr
    assert mark in done.stdout and "A straight line" in done.stdout
    assert done.stderr == ""


def test_a_citation_of_an_address_says_when_it_was_looked_up(shell, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://book.example/")
    asked = ("cite", "line", "--style", "gbt7714-2015")
    assert date.today().isoformat() in shell(*asked).stdout
    assert date.today().isoformat() not in shell("cite", "line").stdout


def test_without_a_slug_the_book_is_cited(shell):
    assert fake_book.TITLES["en"] in shell("cite", "--lang", "en", "--style", "apa").stdout
    assert fake_book.TITLES["zh"] in shell("cite").stdout
