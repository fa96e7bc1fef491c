"""What a copy of the book says of itself."""

import subprocess

import pytest

from attnbook.press.base.book_paths import Layout
from attnbook.press.base.errors import PressError
from attnbook.press.base.imprint import Imprint


@pytest.fixture
def layout(tmp_path, monkeypatch):
    for name in ("SITE_URL", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "CITATION.cff").write_text(
        "date-released: 2026-11-02\n"
        "authors:\n- name: The makers\n- {given-names: Ada, family-names: Lovelace}\n"
    )
    return Layout(tmp_path)


def git(layout, *arguments):
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ("git", *identity, "-C", str(layout.root), *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_authors_are_those_of_the_citation_file(layout):
    assert Imprint.read(layout).authors == ("The makers", "Ada Lovelace")


def test_without_a_citation_file_the_error_names_it(layout):
    (layout.root / "CITATION.cff").unlink()
    with pytest.raises(PressError, match=r"CITATION\.cff"):
        Imprint.read(layout)


def test_outside_of_version_control_there_is_no_commit(layout):
    imprint = Imprint.read(layout)
    assert imprint.commit == ""
    assert imprint.date.isoformat() == "2026-11-02"  # that of the citation file


def test_a_checkout_with_changes_says_so(layout):
    git(layout, "init", "--quiet")
    git(layout, "add", ".")
    git(layout, "commit", "--quiet", "--message", "first")
    commit = git(layout, "rev-parse", "HEAD")
    assert Imprint.read(layout).commit == commit
    with (layout.root / "CITATION.cff").open("a") as file:
        file.write("# a change\n")
    assert Imprint.read(layout).commit == commit + "+"


def test_a_book_unpacked_inside_another_repository_takes_nothing_from_it(layout, monkeypatch):
    inner = layout.root / "unpacked" / "book"
    inner.mkdir(parents=True)
    (inner / "CITATION.cff").write_bytes((layout.root / "CITATION.cff").read_bytes())
    git(layout, "init", "--quiet")
    git(layout, "add", ".")
    git(layout, "commit", "--quiet", "--message", "of somebody else")
    for directory in ("", str(layout.root / ".git")):  # as a hook of that repository sets it
        if directory:
            monkeypatch.setenv("GIT_DIR", directory)
        imprint = Imprint.read(Layout(inner))
        assert imprint.commit == ""
        assert imprint.date.isoformat() == "2026-11-02"


def test_the_date_can_be_given(layout, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795539320")
    assert Imprint.read(layout).date.isoformat() == "2026-11-24"


def test_the_address_comes_from_the_environment_or_the_project(layout, monkeypatch):
    assert Imprint.read(layout).at("en/") == ""
    (layout.root / "pyproject.toml").write_text(
        '[project]\nname = "x"\n[project.urls]\nDocumentation = "https://book.example/"\n'
    )
    assert Imprint.read(layout).at("en/") == "https://book.example/en/"
    monkeypatch.setenv("SITE_URL", "https://other.example/book/")
    assert Imprint.read(layout).at("en/") == "https://other.example/book/en/"
