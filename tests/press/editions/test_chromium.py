"""Finding Chromium, and saying how to get it."""

from __future__ import annotations

import re

import pytest

from attnbook.press.base.errors import PressError
from attnbook.press.editions import chromium


def program(folder, name, *says):
    """A program that answers with ``says`` and does nothing else."""
    path = folder / name
    path.write_text("#!/bin/sh\n" + "\n".join(f"echo '{line}'" for line in says) + "\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine with nothing on PATH."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "PLACES", ())
    return tmp_path


def test_without_one_the_error_says_how_to_install_it(bare):
    with pytest.raises(PressError, match="no Chromium on PATH") as caught:
        chromium.find()
    for way in ("apt install chromium", "brew install", "winget install", "CHROMIUM=/path"):
        assert way in caught.value.mend


def test_one_on_path_is_found_under_any_of_its_names(bare):
    path = program(bare, "google-chrome")
    assert chromium.find() == str(path)


def test_the_one_that_is_named_goes_first(bare, monkeypatch):
    program(bare, "chromium")
    named = program(bare, "mine")
    monkeypatch.setenv("CHROMIUM", str(named))
    assert chromium.find() == str(named)


def test_a_name_of_nothing_is_told(bare, monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/no/such/thing")
    with pytest.raises(PressError, match=re.escape("CHROMIUM names no program: '/no/such/thing'")):
        chromium.find()


def test_an_old_one_is_refused(bare):
    program(bare, "chromium", "a warning of a wrapper", "Chromium 120.0.6099.224 built on Debian")
    with pytest.raises(PressError, match=r"Chromium 120\.0\.6099\.224 .*, which knows no running"):
        chromium.check()


def test_a_new_one_is_taken(bare):
    path = program(bare, "chromium", "Chromium 156.0.8078.79 built on Debian")
    assert chromium.check() == str(path)


def test_one_that_prints_nothing_is_told_with_its_words(bare, tmp_path):
    program(bare, "chromium", "Chromium 156.0.8078.79", "out of luck")
    page = tmp_path / "page.html"
    page.write_text("<p>x</p>")
    with pytest.raises(PressError, match=r"printed nothing \(Chromium 156[\s\S]*out of luck"):
        chromium.print_pdf(page, tmp_path / "page.pdf")
