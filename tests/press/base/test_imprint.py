"""What a copy of the book says of itself."""

import re
import subprocess

import pytest

import fake_book
from attnbook.press.base.book_paths import Layout
from attnbook.press.base.errors import PressError
from attnbook.press.base.imprint import Imprint


@pytest.fixture
def layout(tmp_path, monkeypatch):
    for name in ("SITE_URL", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    fake_book.write_settings(tmp_path)
    return Layout(tmp_path)


def git(layout, *arguments):
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ("git", *identity, "-C", str(layout.root), *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_authors_are_those_of_the_citation_file(layout):
    imprint = Imprint.read(layout)
    assert imprint.authors == imprint.authors_in("en") == ("The little authors", "Ada Lovelace")
    assert imprint.authors_in("zh") == ("小书作者", "Ada Lovelace")
    assert imprint.people == ("Ada Lovelace",)


def test_names_and_titles_are_those_of_the_book(layout):
    imprint = Imprint.read(layout)
    assert {code: imprint.title(code) for code in fake_book.TITLES} == fake_book.TITLES
    assert imprint.edition == "little-book 1.2.3"
    assert imprint.wheel == "little_book-1.2.3-py3-none-any.whl"
    assert imprint.file("en", "pdf") == "little-book-1.2.3-en.pdf"
    assert imprint.settings.cover == "line"
    assert imprint.licence_names == {"licence": "CC BY-SA 4.0", "code": "Apache 2.0"}
    assert imprint.licence.address == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert layout.chapters == layout.root / "little_book" / "chapters"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("pyproject.toml", 'version = "1.2.3"\n', "", r"pyproject\.toml.*has no version"),
        ("pyproject.toml", 'cover = "line"', "cover = 1", r"pyproject\.toml.*cover = 1"),
        ("pyproject.toml", 'cover = "line"', 'colour = "red"', "colour.*\n.*references, cover"),
        ("pyproject.toml", "CC-BY-SA-4.0", "CC-BY-5", "licence = 'CC-BY-5'\n.*CC-BY-4.0, CC-BY"),
        ("pyproject.toml", "Apache-2.0", "GPL", "code_licence = 'GPL'\n.*one of MIT"),
        ("pyproject.toml", "[project]", "[project", "not TOML"),
        ("pyproject.toml", '"The little authors" = "小书作者"', "a = 1", "authors = {'zh'"),
        ("pyproject.toml", 'version = "1.2.3"', 'version = "1"\nurls = 1', "urls is no table"),
        ("mkdocs.yml", "site_name", "site_names", r"mkdocs\.yml.*no site_name"),
        ("docs/theme/en.yml", "A book.", "[1]", r"en\.yml.*no site_description"),
        ("docs/theme/en.yml", "A book.", "'", r"en\.yml:\d.*not YAML"),
    ],
)
def test_what_the_book_says_of_itself_wrongly_is_refused(layout, name, old, new, said):
    path = layout.root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(PressError) as caught:
        Imprint.read(layout)
    assert re.search(said, str(caught.value), re.DOTALL)
    assert caught.value.mend


@pytest.mark.parametrize("name", ["pyproject.toml", "mkdocs.yml", "docs/theme/en.yml"])
def test_what_the_book_does_not_say_of_itself_is_asked_for(layout, name):
    (layout.root / name).unlink()
    with pytest.raises(PressError, match=re.escape(name)):
        Imprint.read(layout)


def test_without_a_citation_file_the_error_names_it(layout):
    (layout.root / "CITATION.cff").unlink()
    with pytest.raises(PressError, match=r"CITATION\.cff"):
        Imprint.read(layout)


def test_outside_of_version_control_there_is_no_commit(layout):
    imprint = Imprint.read(layout)
    assert imprint.commit == ""
    assert imprint.changed.isoformat() == "2026-11-02"  # that of the citation file


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
    fake_book.write_settings(inner)
    git(layout, "init", "--quiet")
    git(layout, "add", ".")
    git(layout, "commit", "--quiet", "--message", "of somebody else")
    for directory in ("", str(layout.root / ".git")):  # as a hook of that repository sets it
        if directory:
            monkeypatch.setenv("GIT_DIR", directory)
        imprint = Imprint.read(Layout(inner))
        assert imprint.commit == ""
        assert imprint.changed.isoformat() == "2026-11-02"


def test_the_date_is_that_of_the_version_and_the_last_change_has_its_own(layout, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795539320")
    imprint = Imprint.read(layout)
    assert imprint.date.isoformat() == "2026-11-02"
    assert imprint.changed.isoformat() == "2026-11-24"


@pytest.mark.parametrize(
    ("record", "released"),
    [("{}", False), ('{"0.0.1": {}}', False), ('{"1.2.3": {}}', True), ("nonsense", False)],
)
def test_a_version_is_released_when_the_record_has_it(layout, record, released):
    layout.releases.parent.mkdir(exist_ok=True)
    layout.releases.write_text(record, "utf-8")
    assert Imprint.read(layout).released is released


def test_the_address_comes_from_the_environment_or_the_project(layout, monkeypatch):
    assert Imprint.read(layout).at("en/") == ""
    with (layout.root / "pyproject.toml").open("a") as file:
        file.write('[project.urls]\nDocumentation = "https://book.example/"\n')
    assert Imprint.read(layout).at("en/") == "https://book.example/en/"
    monkeypatch.setenv("SITE_URL", "https://other.example/book/")
    assert Imprint.read(layout).at("en/") == "https://other.example/book/en/"
