"""The box that verifies a file: what it knows, and in which words."""

import json
import re
from dataclasses import asdict, replace
from string import Formatter

import pytest
from bs4 import BeautifulSoup

import fake_figures
from attnbook.press.base import zip_archive
from attnbook.press.base.errors import PressError
from attnbook.press.handouts import figure_index, teacher_kit
from attnbook.press.pages import known_files, verify_box
from attnbook.press.receipts.published_releases import Release
from attnbook.press.words.load import WORDS

RECORD = fake_figures.LINE
FILES = fake_figures.files(RECORD)
SVG = figure_index.sha256(FILES["straight-line.svg"])


def release(version: str, **files: str) -> dict[str, Release]:
    told = {f"{name.replace('__', '/figures/')}.svg": digest for name, digest in files.items()}
    about = (fake_figures.COMMIT, "2026-01-02", "https://book.example", {})
    return {version: Release(version, *about, told)}


def data(*arguments, **options):
    soup = BeautifulSoup(verify_box.box(*arguments, **options), "html.parser")
    return json.loads(soup.script.string)


def fields(words):
    if isinstance(words, dict):
        return {key: fields(value) for key, value in words.items()}
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_both_languages_fill_in_the_same():
    zh, en = (asdict(WORDS[language].checker) for language in WORDS)
    assert fields(zh) == fields(en)
    assert any(fields(zh).values())


def test_what_two_editions_share_is_of_the_page():
    known = data(RECORD, FILES, release("0.1.0", **{"en__straight-line": SVG}))["known"]
    assert known[SVG] == ["straight-line.svg", 0]


def test_what_two_releases_share_is_of_the_later_one():
    old = {"en__straight-line": "0" * 64}
    told = data(RECORD, FILES, release("0.1.0", **old) | release("0.1.1", **old))
    assert told["editions"][told["known"]["0" * 64][1]] == "version 0.1.1 (2026-01-02)"


@pytest.mark.parametrize("names", [("zh", "en"), ("en", "zh")])
def test_what_two_languages_share_is_of_the_language_of_the_page(names):
    both = {f"{language}__straight-line": "0" * 64 for language in names}
    assert (
        data(RECORD, FILES, release("0.1.0", **both))["known"]["0" * 64][0] == "straight-line.svg"
    )
    twins = {"zh": {"straight-line.svg": FILES["straight-line.svg"]}}
    assert data(RECORD, FILES, {}, twins=twins)["known"][SVG][0] == "straight-line.svg"


def test_another_figure_is_known_only_under_a_former_name():
    other = release("0.1.0", **{"en__old-line": "1" * 64, "en__straight-line-fit": "2" * 64})
    told = data(RECORD, FILES, other)
    assert told["editions"] == ["version 0.2.0 (not released yet)"]
    assert not {"1" * 64, "2" * 64} & set(told["known"])
    known = data(RECORD, FILES, other, former_slugs=["old-line"])["known"]
    assert known["1" * 64] == ["old-line.svg", 1] and "2" * 64 not in known


AS_RELEASED = {f"en/figures/{name}": figure_index.sha256(text) for name, text in FILES.items()}
RELEASE = Release(
    "0.2.0", fake_figures.COMMIT, "2026-11-24", "https://book.example", {}, AS_RELEASED
)


@pytest.mark.parametrize(
    ("imprint", "releases", "edition"),
    [
        (fake_figures.PUBLISHED, {}, "version 0.2.0 (not released yet)"),
        (fake_figures.PUBLISHED, {"0.2.0": RELEASE}, "version 0.2.0 (2026-11-24)"),
        (fake_figures.LOCAL, {}, "a local copy of version 0.2.0"),
        (
            fake_figures.PUBLISHED,
            {"0.2.0": replace(RELEASE, files={**AS_RELEASED, "en/figures/straight-line.svg": "0"})},
            "version 0.2.0 with changes since it was released",
        ),
    ],
)
def test_the_page_says_what_edition_it_is_of(imprint, releases, edition):
    record = replace(RECORD, imprint=imprint)
    assert data(record, FILES, releases)["editions"][0] == edition
    assert f"These are of {edition}." in verify_box.box(record, FILES, releases)


def test_other_figures_and_kits_are_known():
    line, other = fake_figures.records()["en"]
    kit = teacher_kit.kit(line, {}, {})
    files = {
        "en": {
            line.slug: fake_figures.files(line) | {f"{line.slug}.zip": kit},
            other.slug: fake_figures.files(other) | {f"{other.slug}.zip": kit},
        }
    }
    titles = {line.slug: line.title, other.slug: other.title}
    deck = zip_archive.pack({"book-figures/book-figures.pptx": b"deck"})
    known = known_files.known_files(titles, files, {"book-figures.zip": deck})
    told = data(RECORD, FILES, {}, known_files=known)
    assert set(told["others"]) == {other.slug}
    title, digests = told["others"][other.slug]
    assert title == other.title
    content = fake_figures.files(other)[f"{other.slug}.svg"]
    assert figure_index.sha256(content)[: known_files.SHORT] in digests.split()
    assert sorted(told["kits"]) == [
        *("LICENSE.txt", "README.txt", "book-figures.pptx", "book-figures.zip")
    ]


def test_the_box_is_one_block_without_code_or_looks_in_it():
    box = verify_box.box(RECORD, FILES, {})
    heading, block = box.strip().split("\n\n")  # Markdown would end the block at an empty line
    assert heading == '## Verify a file { #verify data-unsearched="true" }'
    assert not re.search(r"\son\w+=|\sstyle=|javascript:|https?:", block)
    scripts = BeautifulSoup(block, "html.parser").find_all("script")
    assert [script["type"] for script in scripts] == ["application/json"]


def test_a_file_of_another_figure_is_refused():
    with pytest.raises(PressError, match=r"what-looks\.svg"):
        verify_box.box(RECORD, FILES | {"what-looks.svg": b""}, {})
