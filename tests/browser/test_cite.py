"""The box that shows how to cite, on pages of the book's own theme."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

import imprints
from attnbook.press.metadata import citation
from attnbook.press.pages import citation_box
from attnbook.press.site import edition_settings
from browser.contrast import contrast
from browser.server import serve

ROOT = Path(__file__).resolve().parents[2]
FILES = {"bib": "book.bib", "ris": "book.ris", "json": "book.json"}
# On this day in Shanghai, still the day before in Greenwich.
EARLY = datetime.fromisoformat("2026-12-01T01:30:00+08:00")
EDITIONS = {"zh": "mkdocs.yml", "en": "docs/theme/en.yml"}


@pytest.fixture(scope="module")
def cite(tmp_path_factory) -> Iterator[str]:
    """Pages of the real theme with a box, served: published and as a local copy, zh and en."""
    folder = tmp_path_factory.mktemp("cite")
    known = imprints.imprint(
        "0.1.0", "", date(2026, 11, 24), "https://book.example", ("The attnbook authors",)
    )
    for language, edition in EDITIONS.items():
        docs = folder / f"docs-{language}"
        docs.mkdir()
        for name, imprint in (("index", known), ("local", replace(known, address=""))):
            made = citation.of_book(imprint, language)
            box = citation_box.box(made, language, files=FILES)
            (docs / f"{name}.md").write_text(f"# Cite\n\n{box}\n", "utf-8")
            for file, content in made.files().items():
                (docs / file).write_bytes(content)
        config = {
            "INHERIT": str(ROOT / edition),
            "docs_dir": str(docs),
            "site_dir": str(folder / "site" / language),
            "theme": {"custom_dir": str(ROOT / "docs" / "theme" / "overrides")},
            "nav": [{"Cite": "index.md"}, {"Local": "local.md"}],
            "not_in_nav": "",
            "hooks": [],
            "extra": edition_settings.extra(language),
            "extra_css": [f"assets/attnbook/{name}.css" for name in ("colours", "letters", "cite")],
        }
        path = folder / f"{language}.yml"
        path.write_text(yaml.safe_dump(config), "utf-8")
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(path)]
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    with serve(folder / "site") as found:
        yield found


@pytest.fixture
def opened(cite, visit):
    def open_page(name: str, *, clipboard: bool = True, **options):
        options = {"timezone_id": "Asia/Shanghai", **options}
        if clipboard:
            options["permissions"] = ["clipboard-read", "clipboard-write"]
        tab = visit(**options).tab
        tab.clock.set_fixed_time(EARLY)
        tab.goto(f"{cite}{name}.html")
        return tab

    return open_page


def texts(tab) -> list[str]:
    return [text.strip() for text in tab.locator(".cite-text").all_inner_texts()]


def pasted(tab) -> str:
    return tab.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_button_copies_the_text_beside_it_with_the_readers_day(opened, language):
    tab = opened(f"{language}/index")
    shown = texts(tab)
    assert len(shown) == 3
    assert any("2026[2026-12-01]. https" in text for text in shown)
    for number, text in enumerate(shown):
        tab.locator(".cite-copy").nth(number).click()
        name = tab.locator(".cite-style").nth(number).inner_text()
        told = tab.get_by_role("status")
        told.filter(has_text=name).wait_for()
        assert pasted(tab) == text


def test_a_page_left_open_copies_the_day_of_copying(opened):
    tab = opened("zh/index")
    tab.clock.set_fixed_time(datetime.fromisoformat("2027-01-02T12:00:00+08:00"))
    tab.locator(".cite-copy").nth(1).click()  # the standard of 2015 wants the day
    tab.get_by_role("status").filter(has_text="已复制").wait_for()
    assert "[2027-01-02]" in pasted(tab)
    assert "[2027-01-02]" in texts(tab)[1]


def test_italics_are_copied_for_documents(opened):
    tab = opened("en/index")
    tab.locator(".cite-copy").first.click()
    tab.get_by_role("status").filter(has_text="APA").wait_for()
    html = tab.evaluate(
        "navigator.clipboard.read().then(([item]) => item.getType('text/html'))"
        ".then((blob) => blob.text())"
    )
    # Chromium may write the look of the letters into the tag.
    assert re.search(r"<i( [^>]*)?>The Attention Book</i>", html)


def test_a_browser_without_a_clipboard_copies_all_the_same(opened):
    tab = opened("en/index", clipboard=False)
    tab.evaluate("delete Navigator.prototype.clipboard")
    assert tab.evaluate("navigator.clipboard") is None
    # What the page itself puts on the clipboard is seen by its own event.
    tab.evaluate(
        "addEventListener('copy', () => { window.taken = getSelection().toString(); })",
    )
    tab.locator(".cite-copy").nth(1).click()
    tab.get_by_role("status").filter(has_text="Copied").wait_for()
    assert tab.evaluate("window.taken").strip() == texts(tab)[1]


def test_where_nothing_can_be_copied_the_reader_is_told(opened):
    tab = opened("en/index")
    tab.evaluate("delete Navigator.prototype.clipboard; document.execCommand = () => false")
    tab.locator(".cite-copy").first.click()
    tab.get_by_role("status").filter(has_text="select the text").wait_for()
    # It is selected already.
    assert tab.evaluate("getSelection().toString()").strip() == texts(tab)[0]


def test_the_buttons_work_by_keys_and_say_what_they_copy(opened):
    tab = opened("zh/index")
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.classList.contains('cite-copy')"):
            break
    assert tab.evaluate("document.activeElement.ariaLabel") == "复制引文：GB/T 7714—2025"
    tab.keyboard.press("Enter")
    tab.get_by_role("status").filter(has_text="已复制引文：GB/T 7714—2025").wait_for()
    assert pasted(tab) == texts(tab)[0]


@pytest.mark.parametrize(("language", "word"), [("zh", "引用日期"), ("en", "date of access")])
def test_without_scripts_words_stand_for_the_day_and_no_button_is_dead(
    opened, cite, visit, language, word
):
    tab = visit(java_script_enabled=False).tab
    tab.goto(f"{cite}{language}/index.html")
    assert any(f"2026[{word}]. https" in text for text in texts(tab))
    assert tab.locator(".cite-copy").count() == 3
    assert tab.locator(".cite-copy:visible").count() == 0
    assert tab.locator(".cite-files a:visible").count() == 3


@pytest.mark.parametrize("name", ["zh/index", "zh/local", "en/local"])
def test_the_box_fits_a_phone_and_a_finger(opened, name):
    tab = opened(name, width=360)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    boxes = [one.bounding_box() for one in tab.locator(".cite :is(a, button)").all()]
    assert len(boxes) == 6
    for box in boxes:
        assert box["width"] >= 24
        assert box["height"] >= 24


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_box_can_be_read_in_both_schemes(opened, scheme):
    tab = opened("zh/local", color_scheme=scheme)
    for selector in (".cite-text", ".cite-style", ".cite-copy", ".cite-local", ".cite-files a"):
        assert contrast(tab.locator(selector).first) >= 4.5, selector
