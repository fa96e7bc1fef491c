"""Terms and references say what they stand for, by mouse, keyboard and finger."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from browser.conftest import arrive, until

CHAPTER = "nadaraya-watson.html"
TERM = "article a.term[href$='#term-{}']"
ROOT = Path(__file__).resolve().parents[2]
# A page's notes come after it.
NOTES = """
() => globalThis.attnNotes || !document.querySelector("template.notes[data-src]")
"""
LANG = {"zh": "zh-Hans", "en": "en"}


@pytest.fixture(scope="module")
def terms() -> dict[str, dict[str, str]]:
    with (ROOT / "docs" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


@pytest.fixture
def chapter(address, visit):
    """Open the chapter: ``chapter("zh", width=360, has_touch=True)``."""

    def open_chapter(language: str, name: str = CHAPTER, **options):
        seen = visit(**options)
        seen.tab.goto(f"{address}{language}/{name}")
        if options.get("java_script_enabled", True):
            until(seen.tab, NOTES)
        seen.requests.clear()
        return seen

    return open_chapter


def asked(visit) -> list[str]:
    """What was asked for, but for pictures in sight, a formula's fonts and a search that wakes."""
    own = (".svg", ".woff2")
    return [url for url in visit.requests if not url.endswith(own) and "/search" not in url]


def away(tab) -> None:
    """Rest the mouse where nothing is."""
    tab.mouse.move(2, 400)


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
@pytest.mark.parametrize("key", ["average-pooling", "kernel", "gaussian-kernel"])
def test_a_term_says_what_it_means_and_is_called_under_the_mouse(
    chapter, terms, language, other, key
):
    visit = chapter(language)
    tab = visit.tab
    away(tab)
    tab.locator(TERM.format(key)).hover()
    note = tab.get_by_role("tooltip")
    note.wait_for()
    word = note.locator(f"[lang={LANG[other]}]")
    assert word.inner_text() == terms[key][other]
    plain = terms[key][f"definition_{language}"].split("$")
    for part in plain[::2]:  # what stands between formulas
        assert part.strip(" ,.;，。；：:") in note.inner_text()
    assert note.locator(".katex-html").count() == len(plain) // 2
    assert "$" not in note.inner_text()
    assert asked(visit) == []
    assert visit.complaints == []


def test_a_note_can_be_reached_by_the_mouse_and_stays(chapter):
    tab = chapter("en").tab
    tab.locator(TERM.format("average-pooling")).hover()
    note = tab.get_by_role("tooltip")
    note.hover()
    tab.wait_for_timeout(600)
    assert note.is_visible()
    away(tab)
    note.wait_for(state="hidden")


def test_a_glance_of_the_mouse_shows_nothing(address, visit):
    tab = visit().tab
    # How long a glance is depends on no machine here.
    tab.clock.install(time=datetime(2026, 12, 1, tzinfo=UTC))
    tab.goto(f"{address}en/{CHAPTER}")
    until(tab, NOTES)
    tab.clock.pause_at(datetime(2026, 12, 2, tzinfo=UTC))
    term = tab.locator(TERM.format("average-pooling"))
    term.scroll_into_view_if_needed()
    box = term.bounding_box()
    note = tab.locator("#attn-note")
    tab.mouse.move(box["x"] + 5, box["y"] + 5)
    tab.clock.run_for(100)
    assert not note.is_visible()
    away(tab)
    tab.clock.run_for(2000)
    assert not note.is_visible()
    tab.mouse.move(box["x"] + 5, box["y"] + 5)
    tab.clock.run_for(200)
    assert note.is_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_term_is_told_by_keyboard_and_dismissed_by_escape(chapter, terms, language):
    tab = chapter(language).tab
    away(tab)
    first = tab.locator("article a.term").first
    first.evaluate(
        """link => [...document.querySelectorAll("a[href], button, summary, input")]
          .filter((before) => before.checkVisibility())
          .filter((before) => before.compareDocumentPosition(link) & 4)
          .pop().focus()"""
    )
    tab.keyboard.press("Tab")
    assert first.evaluate("link => link === document.activeElement")
    note = tab.get_by_role("tooltip")
    key = first.get_attribute("href").partition("#term-")[2]
    assert terms[key][language] in note.inner_text()
    assert first.get_attribute("aria-describedby") == note.get_attribute("id")
    tab.wait_for_timeout(600)
    assert note.is_visible()
    tab.keyboard.press("Escape")
    assert not note.is_visible()
    assert first.get_attribute("aria-describedby") is None
    assert first.evaluate("link => link === document.activeElement")
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Tab")
    assert note.is_visible()
    tab.keyboard.press("Tab")
    # Of the next term, if there is one in the next place.
    until(
        tab,
        """word => {
          const note = document.getElementById("attn-note");
          return note.hidden || !note.querySelector("b")?.textContent.includes(word);
        }""",
        terms[key][language],
    )


def test_enter_follows_a_term(chapter, address):
    tab = chapter("en").tab
    tab.locator(TERM.format("kernel")).focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{address}en/glossary.html#term-kernel")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_a_tap_tells_a_second_one_leads_on(chapter, terms, address, language, other, scheme):
    options = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
    visit = chapter(language, **options, color_scheme=scheme)
    tab = visit.tab
    key = "attention-pooling"
    tab.locator(TERM.format(key)).tap()
    note = tab.locator("#attn-note[role=dialog]")
    note.wait_for()
    assert note.get_attribute("aria-label") == terms[key][language]
    assert note.locator(f"[lang={LANG[other]}]").inner_text() == terms[key][other]
    assert tab.url == f"{address}{language}/{CHAPTER}"
    more = note.get_by_role("link")
    assert more.bounding_box()["height"] >= 24
    assert asked(visit) == []
    more.tap()
    tab.wait_for_url(f"{address}{language}/glossary.html#term-{key}")
    tab.go_back()
    tab.locator(TERM.format(key)).tap()
    note.wait_for()
    tab.locator(TERM.format(key)).tap()
    tab.wait_for_url(f"{address}{language}/glossary.html#term-{key}")


def test_a_tapped_note_goes_by_escape_and_by_a_tap_elsewhere(chapter):
    tab = chapter("zh", width=360, has_touch=True).tab
    term = tab.locator(TERM.format("kernel"))
    note = tab.locator("#attn-note[role=dialog]")
    term.tap()
    note.wait_for()
    tab.keyboard.press("Escape")
    note.wait_for(state="hidden")
    assert term.evaluate("link => link === document.activeElement")
    term.tap()
    note.wait_for()
    tab.locator("article h1").tap()
    note.wait_for(state="hidden")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", [CHAPTER, "about.html"])
def test_every_note_fits_a_phone(chapter, language, name):
    tab = chapter(language, name, width=360, height=640, has_touch=True).tab
    # What unfolds, or else cannot be tapped.
    tab.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")
    links = tab.locator("article a:is(.term, .reference)").all()
    assert len(links) > 5
    note = tab.locator("#attn-note")
    for link in links:
        link.tap()
        note.wait_for()
        box = note.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360, link.get_attribute("href")
        assert note.evaluate("e => e.scrollWidth <= e.clientWidth"), link.get_attribute("href")
        tab.keyboard.press("Escape")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reference_has_something_to_say(chapter, language, pages):
    tab = chapter(language).tab
    told = 0
    for page in (page for page in pages if page.startswith(f"{language}/")):
        chapter_url = tab.url[: tab.url.index(f"/{language}/") + 1] + page
        tab.goto(chapter_url, wait_until="domcontentloaded")
        until(tab, NOTES)
        silent, count = tab.evaluate(
            """() => {
              const template = document.createElement("template");
              template.innerHTML = Object.values(globalThis.attnNotes ?? {}).join("");
              const known = new Set([...template.content.querySelectorAll("[data-for]")]
                .map((note) => new URL(note.dataset.for, location.href).href));
              const links = [...document.querySelectorAll("article a:is(.term, .reference)")];
              const here = location.href.split("#")[0];
              return [links.filter((link) => !known.has(link.href) && !(
                link.href.startsWith(here + "#eq-") && document.getElementById(link.hash.slice(1))
              )).map((link) => link.href), links.length];
            }"""
        )
        assert silent == [], page
        told += count
    assert told > 100


def test_an_equation_is_called_by_its_number_and_shown(chapter):
    visit = chapter("zh")
    tab = visit.tab
    away(tab)
    reference = tab.locator("article a.reference[href='#eq-10.2.7']").first
    assert reference.inner_text() == "(10.2.7)"
    reference.hover()
    note = tab.get_by_role("tooltip")
    note.wait_for()
    shown = note.locator(".equation .katex-html")
    assert shown.inner_text() == tab.locator("[id='eq-10.2.7'] .katex-html").inner_text()
    assert tab.locator("[id='eq-10.2.7']").count() == 1
    assert asked(visit) == []


def test_an_equation_of_another_page_is_shown_without_asking_for_it(chapter):
    visit = chapter("en", "attention-cues.html")
    tab = visit.tab
    reference = tab.locator("article a.reference[href$='#eq-10.2.7']")
    reference.evaluate("link => { link.closest('details').open = true }")
    reference.hover()
    note = tab.get_by_role("tooltip")
    note.locator(".equation .katex-html").wait_for()
    assert "(10.2.7)" in note.inner_text().replace("\n", "")
    assert asked(visit) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "图“三个 w 的预测”"), ("en", "figure “Predictions for three values of w”")],
)
def test_a_figure_is_called_by_its_title_and_shown(chapter, language, text):
    tab = chapter(language, "about.html").tab
    reference = tab.locator("article a.reference[href$='#fig-three-predictions']")
    assert reference.inner_text() == text
    reference.hover()
    note = tab.get_by_role("tooltip")
    image = note.locator("img")
    image.wait_for()
    until(tab, "document.querySelector('#attn-note img')?.naturalWidth > 0")
    assert image.get_attribute("src") == "figures/three-predictions.svg"


@pytest.mark.parametrize(
    ("language", "title", "first"),
    [
        ("zh", "为什么必须把自己留在外面", "假如允许看自己呢？"),
        ("en", "Why you must leave yourself out", "Suppose peeking were allowed."),
    ],
)
def test_a_section_is_called_by_its_title_and_begins_to_speak(chapter, language, title, first):
    tab = chapter(language).tab
    reference = tab.locator("article a.reference[href='#leave-oneself-out']")
    assert reference.inner_text() == f"“{title}”"
    reference.hover()
    note = tab.get_by_role("tooltip")
    note.wait_for()
    assert note.locator("p").all_inner_texts() == [title, first]


def test_a_citation_shows_the_work(chapter):
    tab = chapter("en", "attention-cues.html").tab
    tab.locator("article a.reference[href$='#simon-1971']").first.hover()
    note = tab.get_by_role("tooltip")
    note.wait_for()
    assert "Designing organizations for an information-rich world" in note.inner_text()


def test_a_notebook_s_page_tells_as_much(chapter):
    tab = chapter("zh", f"notebooks/{CHAPTER}").tab
    reference = tab.locator("article a.reference[href='#eq-10.2.7']").first
    assert reference.inner_text() == "(10.2.7)"
    reference.hover()
    tab.get_by_role("tooltip").locator(".equation").wait_for()
    away(tab)
    tab.locator(TERM.format("kernel")).hover()
    tab.get_by_role("tooltip").locator("[lang=en]").wait_for()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_scripts_a_term_leads_to_its_place_in_the_glossary(chapter, address, language):
    tab = chapter(language, java_script_enabled=False).tab
    tab.locator(TERM.format("attention-weight")).click()
    tab.wait_for_url(f"{address}{language}/glossary.html#term-attention-weight")
    arrive(tab, "term-attention-weight")


def test_reduced_motion_and_print(chapter):
    tab = chapter("en", reduced_motion="reduce").tab
    tab.locator(TERM.format("kernel")).focus()
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Tab")
    note = tab.get_by_role("tooltip")
    assert note.evaluate("e => getComputedStyle(e).animationName") == "none"
    tab.emulate_media(media="print")
    assert not note.is_visible()
