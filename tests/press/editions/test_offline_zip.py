"""The offline archive, made of a small site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attnbook.press.base import zip_archive
from attnbook.press.base.errors import PressError
from attnbook.press.editions import offline_zip

SHEET = '@font-face{font-family:K;src:url(fonts/K.woff2) format("woff2")}p{color:red}'
BOOK = {"package": "little-book", "version": "1.2.3", "title": "A Little Book"}
FILES = {
    "index.html": "<p>root</p>",
    "ro-crate-metadata.json": "{}",
    **{
        f"{language}/{name}": content
        for language in ("zh", "en")
        for name, content in {
            "index.html": "<p>home</p>",
            "figures/index.json": json.dumps({"book": BOOK}),
            "404.html": "<p>lost</p>",
            "sitemap.xml": "<urlset/>",
            "search/sections.js": "var attnIndex = {};",
            "assets/katex/katex.css": SHEET,
            "assets/katex/fonts/K.woff2": "font",
            "assets/bundle.js": "",
        }.items()
    },
}


@pytest.fixture
def site(tmp_path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return tmp_path / "site"


def test_all_that_a_reader_needs_lies_in_one_folder(site):
    (site / ".zh-replaced").mkdir()
    (site / ".zh-replaced" / "index.html").write_text("what an interrupted build left", "utf-8")
    name, content = offline_zip.pack(site)
    assert name == "little-book-1.2.3-offline.zip"
    files = zip_archive.unpack(content)
    folder = name.removesuffix(".zip")
    wanted = {path for path in FILES if not path.endswith(("404.html", "sitemap.xml"))}
    assert set(files) == {f"{folder}/{path}" for path in {*wanted, "README.txt"}}
    assert files[f"{folder}/zh/index.html"] == b"<p>home</p>"
    assert "index.html" in files[f"{folder}/README.txt"].decode()


def test_style_sheets_carry_their_fonts(site):
    name, content = offline_zip.pack(site)
    sheet = zip_archive.unpack(content)[f"{name.removesuffix('.zip')}/en/assets/katex/katex.css"]
    data = 'src:url(data:font/woff2;base64,Zm9udA==) format("woff2")'
    assert sheet.decode() == f"@font-face{{font-family:K;{data}}}p{{color:red}}"


def test_fonts_that_a_style_sheet_carries_already_stay_in_it(site):
    carried = '@font-face{src:url("data:font/woff2;base64,Zm9udA==") format("woff2")}' + SHEET
    (site / "en/assets/katex/katex.css").write_text(carried, "utf-8")
    name, content = offline_zip.pack(site)
    sheet = zip_archive.unpack(content)[f"{name.removesuffix('.zip')}/en/assets/katex/katex.css"]
    assert sheet.decode().startswith(carried.removesuffix(SHEET))
    assert sheet.count(b"data:font/woff2;base64,Zm9udA==") == 2


def test_the_same_site_gives_the_same_bytes(site):
    first = offline_zip.pack(site)
    for path in site.rglob("*"):
        path.touch()
    assert offline_zip.pack(site) == first


@pytest.mark.parametrize("lost", ["index.html", "en/index.html", "zh/search/sections.js"])
def test_an_unfinished_site_is_refused(site, lost):
    (site / lost).unlink()
    with pytest.raises(PressError, match=f"it has no {lost}\n  mend: build it first: nox -s build"):
        offline_zip.pack(site)
