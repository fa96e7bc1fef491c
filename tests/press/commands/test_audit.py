"""The audit, without a browser: which pages, what counts as passed, how they are served."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request

import pytest

from attnbook.press.base.errors import PressError
from attnbook.press.commands import lighthouse_axe as audit
from attnbook.press.commands.static_server import serving

BEST = dict.fromkeys(audit.CATEGORIES, 100)
CLEAN: dict[str, list[str]] = {"light": [], "dark": []}


@pytest.fixture
def site(tmp_path):
    for name in (
        "index.html",
        "zh/a.html",
        "zh/404.html",
        "en/figures/b/index.html",
        ".zh-new/a.html",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<p>{name}</p>" * 50, "utf-8")
    (tmp_path / "zh" / "font.woff2").write_bytes(b"wOF2")
    return tmp_path


def test_every_page_is_measured_unless_a_pattern_chooses(site):
    assert audit.pages(site) == ["en/figures/b/index.html", "index.html", "zh/a.html"]
    assert audit.pages(site, "en/*") == ["en/figures/b/index.html"]
    with pytest.raises(PressError, match="no page"):
        audit.pages(site, "fr/*")


@pytest.mark.parametrize("category", audit.CATEGORIES)
def test_a_page_passes_with_98_in_every_category(category):
    for score, passed in ((98, True), (97, False)):
        scores = BEST | {category: score}
        assert audit.Result("a.html", scores, 1, [], CLEAN).passed == passed


@pytest.mark.parametrize("scheme", audit.SCHEMES)
def test_one_violation_in_one_scheme_is_enough_to_fail(scheme):
    result = audit.Result("a.html", BEST, 238_400, [], CLEAN | {scheme: ["color-contrast"]})
    assert not result.passed
    assert result.row.split()[:5] == ["a.html", "100", "100", "100", "100"]
    assert result.row.split()[-1] == "238"
    assert len(result.row) == len(audit.HEADER)


def test_pages_are_served_as_a_good_host_does(site):
    with serving(site) as address:
        asked = urllib.request.Request(address + "zh/a.html", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert gzip.decompress(answer.read()) == (site / "zh/a.html").read_bytes()
        with urllib.request.urlopen(address + "zh/font.woff2") as answer:
            assert answer.headers["Content-Type"] == "font/woff2"
        with urllib.request.urlopen(address + "en/figures/b/") as answer:
            assert b"index.html" in answer.read()


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("zh/nowhere.html", "zh/404.html"),
        ("zh/no/where/", "zh/404.html"),
        ("nowhere/", "404.html"),
        ("", "404.html"),
        ("en/no.html", "404.html"),
        ("zh/../../x", "404.html"),
    ],
)
def test_what_is_not_there_gets_the_nearest_page_that_says_so(site, address, page):
    (site / "404.html").write_text("<p>404.html</p>", "utf-8")
    (site / "index.html").unlink()
    with (
        serving(site) as root,
        pytest.raises(urllib.error.HTTPError) as caught,
    ):
        urllib.request.urlopen(root + address)
    assert caught.value.code == 404
    assert caught.value.read().startswith(f"<p>{page}".encode())
