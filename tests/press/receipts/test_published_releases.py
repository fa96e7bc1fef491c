"""The record of published versions: what was published does not change."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

import fake_figures
from attnbook.press.base import environment
from attnbook.press.base.errors import PressError
from attnbook.press.receipts import published_releases

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = fake_figures.PUBLISHED


@pytest.fixture
def path(tmp_path):
    return tmp_path / "docs" / "releases.json"


@pytest.fixture
def site(tmp_path):
    return fake_figures.site(tmp_path / "site")


def test_the_books_own_record_can_be_read():
    path = ROOT / "docs" / "releases.json"
    assert list(published_releases.read(path)) == list(json.loads(path.read_text()))


def test_nothing_was_published_where_there_is_no_record(path):
    assert published_releases.read(path) == {}


def test_a_version_is_recorded_with_the_digest_of_every_file(site, path):
    new = published_releases.record(site, path)
    figures = [file for file in site.glob("*/figures/*") if not file.name.startswith("index.")]
    assert new.files == {
        file.relative_to(site).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in figures
    }
    assert len(new.files) == 38
    assert (new.commit, new.date) == (PUBLISHED.commit, "2026-11-24")
    assert (new.address, new.environment) == ("https://book.example", environment.fingerprint())
    assert published_releases.read(path) == {"0.2.0": new}


def test_recording_the_same_version_again_changes_nothing(site, path):
    first = published_releases.record(site, path)
    written = path.read_bytes()
    assert published_releases.record(site, path) == first
    assert path.read_bytes() == written


def test_a_later_version_is_added_and_the_earlier_one_kept(tmp_path, path):
    made = []
    for version in ("0.10.0", "0.9.0"):
        imprint = replace(PUBLISHED, version=version)
        made.append(published_releases.record(fake_figures.site(tmp_path / version, imprint), path))
    assert list(published_releases.read(path)) == ["0.9.0", "0.10.0"]  # as versions, not as text
    assert list(published_releases.read(path).values()) == made[::-1]


def test_a_published_version_does_not_change(site, path):
    published_releases.record(site, path)
    before = path.read_bytes()
    svg = site / "en" / "figures" / "straight-line.svg"
    told = site / "en" / "figures" / "index.json"
    old = hashlib.sha256(svg.read_bytes()).hexdigest()
    svg.write_bytes(svg.read_bytes() + b"!")
    new = hashlib.sha256(svg.read_bytes()).hexdigest()
    told.write_text(told.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(PressError) as caught:
        published_releases.record(site, path)
    assert "0.2.0" in str(caught.value) and "raise the version" in str(caught.value)
    assert "en/figures/straight-line.svg: differs" in str(caught.value)
    assert "what-looks" not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("imprint", "reason"),
    [
        (fake_figures.LOCAL, "SITE_URL"),
        (replace(PUBLISHED, commit=PUBLISHED.commit + "+"), "not in their commit"),
        (replace(PUBLISHED, commit=""), "in no commit"),
    ],
)
def test_what_nobody_can_build_or_visit_is_not_published(tmp_path, path, imprint, reason):
    with pytest.raises(PressError, match=reason):
        published_releases.record(fake_figures.site(tmp_path / "site", imprint), path)
    assert not path.exists()


def test_the_version_of_the_tag_is_that_of_the_site(site, path):
    with pytest.raises(PressError, match=r"of version 0\.2\.0, and 0\.3\.0 should be recorded"):
        published_releases.record(site, path, "0.3.0")
    assert not path.exists()
    assert published_releases.record(site, path, "0.2.0").version == "0.2.0"


def test_languages_of_different_editions_are_not_published(tmp_path, site, path):
    other = fake_figures.site(tmp_path / "other", replace(PUBLISHED, version="0.3.0"))
    (other / "en").rename(tmp_path / "en")
    (site / "en").rename(tmp_path / "old")
    (tmp_path / "en").rename(site / "en")
    with pytest.raises(PressError, match="different editions"):
        published_releases.record(site, path)
    assert not path.exists()


@pytest.mark.parametrize("spoil", [lambda file: file.write_bytes(b"?"), Path.unlink])
def test_a_site_that_is_not_what_its_index_tells_is_not_published(site, path, spoil):
    spoil(site / "zh" / "figures" / "straight-line.pdf")
    with pytest.raises(PressError, match=r"zh/figures/straight-line\.pdf"):
        published_releases.record(site, path)
    assert not path.exists()


DIGEST = "0" * 64
GOOD = {
    "commit": PUBLISHED.commit,
    "date": "2026-01-02",
    "address": "https://book.example",
    "environment": {"torch": "2"},
    "files": {"en/figures/x.svg": DIGEST},
}


def test_a_record_by_hand_can_be_read(path):
    path.parent.mkdir()
    path.write_text(json.dumps({"0.1.0": GOOD}))
    assert published_releases.read(path)["0.1.0"].files == GOOD["files"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"0.1.0": {}}',
        json.dumps({"first": GOOD}),
        json.dumps({"0.1.0": GOOD | {"date": "today"}}),
        json.dumps({"0.1.0": GOOD | {"address": None}}),
        json.dumps({"0.1.0": GOOD | {"environment": "mine"}}),
        json.dumps({"0.1.0": GOOD | {"commit": PUBLISHED.commit + "+"}}),
        json.dumps({"0.1.0": GOOD | {"files": {"en/figures/x.svg": "12"}}}),
        json.dumps({"0.1.0": GOOD | {"files": ["en/figures/x.svg"]}}),
    ],
)
def test_a_spoiled_record_is_an_error_that_names_it(path, text):
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(PressError, match=r"releases\.json: the record of published versions"):
        published_releases.read(path)
