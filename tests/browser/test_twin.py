"""Both languages side by side, on every page of both editions."""

from __future__ import annotations

import gzip
import json
import re
from urllib.parse import unquote, urlsplit

import pytest
from pypdf import PdfReader

from browser.conftest import arrive, resize, until
from browser.contrast import measure
from browser.test_layout import STICKING_OUT

CHAPTER = "nadaraya-watson.html"
TOGGLE = "button.attn-beside"
# Nothing of what this looks at waits for a picture.
SOON = "domcontentloaded"
FIRST = "article .beside"

HEADING = re.compile(r'<h[234][^>]*\sid="([^"]+)"[^>]*>(.*?)</h[234]>')
HAN = re.compile(r"[一-鿿]")

SURVEY = """
() => {
  // Material names code after the cell it is in, and the output, too: that is not ours to mend.
  const ids = [...document.querySelectorAll("[id]:not(pre[id^=__code_])")].map(({ id }) => id);
  const box = (element) => element.getBoundingClientRect();
  const words = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".katex, code, pre, .beside, .headerlink").forEach((one) => one.remove());
    return copy.textContent.trim();
  };
  const twins = [...document.querySelectorAll("article .beside")];
  const pairs = twins.filter((twin) => twin.parentElement.matches("[data-beside-columns]") &&
      twin.parentElement.closest("details:not([open])") === null)
    .map((twin) => [twin.previousElementSibling, twin])
    .filter(([own, twin]) => own.matches("[data-beside-own]") && box(twin).height);
  const roots = [...document.querySelectorAll(".beside .katex")]
    .filter((formula) => formula.querySelector("msqrt, mroot"));
  return {
    roots: roots.length,
    rootless: roots.filter((root) => !root.querySelector(".katex-html svg path")).length,
    repeated: ids.filter((id, place) => ids.indexOf(id) !== place),
    langs: [...new Set(twins.map(({ lang }) => lang))],
    named: twins.filter(({ role }) => role === "group").map(({ ariaLabel }) => ariaLabel),
    texts: twins.map(words),
    headings: [...document.querySelectorAll("article :is(h2, h3, h4)[id]")].map((own) => {
      const twin = own.nextElementSibling;
      return [own.id, twin?.matches(".beside") ? words(twin) : ""];
    }),
    addresses: twins.flatMap((twin) => [...twin.querySelectorAll("[href], [src]")])
      .map((element) => element.href?.baseVal ?? element.href ?? element.src),
    pairs: pairs.map(([own, twin]) => {
      const first = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT,
          (node) => node.data.trim() && !node.parentElement.closest(".katex-mathml")
            ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP).nextNode();
        if (element.querySelector("img") || element.matches("figure")) {
          return box(element.matches("img") ? element : element.querySelector("img")).top;
        }
        if (!text) return box(element).top;
        range.setStart(text, text.data.search(/\\S/));
        range.setEnd(text, text.data.search(/\\S/) + 1);
        return box(range).top;
      };
      return {
        html: own.outerHTML.slice(0, 80),
        beside: box(own).right <= box(twin).left + 1,
        gap: Math.abs(first(own) - first(twin)),
      };
    }),
  };
}
"""
FOLDS = "open => document.querySelectorAll('details').forEach(one => { one.open = open })"
# Counterparts that do not stand below what they belong to.
NOT_BELOW = """
() => [...document.querySelectorAll("[data-beside-own] + div.beside")].filter((twin) => {
  const box = twin.getBoundingClientRect();
  return box.height && box.top < twin.previousElementSibling.getBoundingClientRect().bottom - 1;
}).map((twin) => twin.outerHTML.slice(0, 100))
"""
# Buttons on code, and Tab's stops at what scrolls, come when a reader comes near.
CONTENTS = """
() => {
  const copy = document.querySelector("article").cloneNode(true);
  copy.querySelectorAll(".code-copy, .code-copy-status").forEach((one) => one.remove());
  copy.querySelectorAll("pre").forEach((one) => one.removeAttribute("id"));
  copy.querySelectorAll("[tabindex]").forEach((one) => one.removeAttribute("tabindex"));
  // Pictures that nobody came near are fetched once all else is done: sooner or later.
  copy.querySelectorAll("[loading]").forEach((one) => one.removeAttribute("loading"));
  return copy.innerHTML;
}
"""
# Where an element is when nothing moves it any more: letters that arrive late would.
RESTING = """
async (element) => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let before; ; ) {
    await document.fonts.ready;
    await frame();
    const { top } = element.getBoundingClientRect();
    if (top === before) return top;
    before = top;
  }
}
"""


def toggle(tab) -> None:
    """Press the button and wait until what was asked for is there or gone."""
    on = tab.locator(TOGGLE).get_attribute("aria-pressed") == "false"
    tab.locator(TOGGLE).click()
    tab.locator(FIRST).first.wait_for(state="attached" if on else "detached")


def both(pages: list[str]) -> list[str]:
    """Pages of an edition; the root belongs to none."""
    return [page for page in pages if page.startswith(("zh/", "en/"))]


def offered(site, page: str) -> bool:
    """Whether it is a page of the book, and not where one has moved."""
    return "<article" in (site / page).read_text("utf-8")


def test_every_page_shows_its_twin_beside_it(address, site, pages, visit):
    reader = visit(width=1280, reduced_motion="reduce")
    shown = roots = 0
    for page in both(pages):
        if not offered(site, page):
            continue
        other = {"zh": "en", "en": "zh"}[page[:2]]
        reader.tab.goto(address + page, wait_until=SOON)
        before = reader.tab.evaluate(CONTENTS)
        toggle(reader.tab)
        found = reader.tab.evaluate(SURVEY)
        assert found["repeated"] == [], page
        assert found["rootless"] == 0, page
        roots += found["roots"]
        assert found["langs"] == [{"zh": "zh-Hans", "en": "en"}[other]], page
        assert set(found["named"]) == {{"zh": "中文", "en": "English"}[other]}, page
        # Each heading stands beside the one that the other edition has at this place.
        theirs = dict(HEADING.findall(twin(site, page)))
        for name, text in found["headings"]:
            written = re.sub(r"<a class=\"headerlink.*|<[^>]*>|&#?\w+;", "", theirs[name])
            if "katex" not in theirs[name] and written != text:
                # Titles that are the same in both languages need no second one.
                assert text == "" and written in before, (page, name, text, written)
        written = " ".join(found["texts"])
        if other == "en":
            assert len(HAN.findall(written)) < 0.1 * len(written), page
        else:
            assert len(HAN.findall(written)) > 0.3 * len(re.sub(r"[\x00-\x7f]", "", written)), page
        assert found["pairs"], page
        for pair in found["pairs"]:
            assert pair["beside"], (page, pair["html"])
            assert pair["gap"] <= 8, (page, pair)
        for link in set(found["addresses"]):
            check(link, address, site, page)
        resize(reader.tab, 360, 740)
        reader.tab.evaluate(FOLDS, True)
        assert reader.tab.evaluate("document.documentElement.scrollWidth") <= 360, page
        assert reader.tab.evaluate(STICKING_OUT) == [], page
        assert reader.tab.evaluate(NOT_BELOW) == [], page
        reader.tab.evaluate(FOLDS, False)
        resize(reader.tab, 1280, 900)
        toggle(reader.tab)
        assert reader.tab.evaluate(CONTENTS) == before, page
        shown += 1
    assert shown > 50
    assert roots > 4
    assert reader.faults == []


def twin(site, page: str) -> str:
    """The same page in the other language, as it was written."""
    return (site / {"zh": "en", "en": "zh"}[page[:2]] / page[3:]).read_text("utf-8")


def check(link: str, address: str, site, page: str) -> None:
    """A link of the twin leads to a file of the site, and to an element of it."""
    if not link.startswith(address):
        assert link.startswith(("https://", "http://", "data:", "mailto:")), (page, link)
        assert "127.0.0.1" not in link, (page, link)
        return
    path, anchor = urlsplit(link)[2::2]
    file = site / unquote(path).lstrip("/")
    assert file.is_file(), (page, link)
    if anchor and file.suffix == ".html":
        assert f'id="{unquote(anchor)}"' in file.read_text("utf-8"), (page, link)


def test_nothing_is_asked_for_before_a_reader_asks(address, visit):
    reader = visit()
    reader.tab.goto(f"{address}zh/{CHAPTER}", wait_until="networkidle")
    assert not [url for url in reader.requests if ".beside.js" in url]
    toggle(reader.tab)
    asked = [url for url in reader.requests if ".beside.js" in url]
    assert asked == [f"{address}zh/nadaraya-watson.beside.js"]
    toggle(reader.tab)
    toggle(reader.tab)
    assert [url for url in reader.requests if ".beside.js" in url] == asked


@pytest.mark.parametrize(
    "page", [f"zh/{CHAPTER}", "en/index.html", "en/figures/toy-data/index.html"]
)
def test_it_works_from_the_disk(site, visit, page):
    tab = visit().tab
    errors = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto((site / page).as_uri())
    toggle(tab)
    assert tab.locator("article .beside-title").count() == 1
    assert tab.evaluate("location.search") == "?beside"
    tab.reload()
    tab.locator(FIRST).first.wait_for(state="attached")
    pictures = tab.locator(".beside figure img")
    if pictures.count():
        pictures.first.scroll_into_view_if_needed()
        assert pictures.first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert not [error for error in errors if "beside" in error]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_shows_one_picture_with_two_captions(address, visit, language):
    tab = visit(width=360, height=740).tab
    tab.goto(f"{address}{language}/{CHAPTER}", wait_until=SOON)
    toggle(tab)
    pictures = tab.locator(".beside figure")
    assert pictures.count() > 3
    assert tab.locator(".beside figure img:visible").count() == 0
    assert pictures.first.locator("figcaption").is_visible()


def test_the_button_is_large_enough_named_and_says_whether_it_is_on(address, visit):
    for width in (360, 1280):
        tab = visit(width=width).tab
        for language, name in (("zh", "中英对照"), ("en", "Side by side")):
            tab.goto(f"{address}{language}/about.html", wait_until=SOON)
            button = tab.get_by_role("button", name=name, exact=True, pressed=False)
            box = button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
            button.click()
            tab.get_by_role("button", name=name, exact=True, pressed=True).wait_for()


def test_keys_turn_it_on_and_off(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/{CHAPTER}", wait_until=SOON)
    tab.locator(TOGGLE).focus()
    tab.keyboard.press("Enter")
    tab.locator(FIRST).first.wait_for(state="attached")
    assert tab.evaluate("document.activeElement.matches('button.attn-beside')")
    tab.locator(".beside a").first.focus()
    tab.keyboard.press("Alt+x")
    tab.locator(FIRST).first.wait_for(state="detached")
    # What had the focus is gone: it is not lost.
    assert tab.evaluate("document.activeElement.matches('button.attn-beside')")
    tab.keyboard.press("Alt+x")
    tab.locator(FIRST).first.wait_for(state="attached")
    assert tab.locator(".beside-status").inner_text() == "The Chinese is shown"


def test_a_search_may_contain_the_key(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/{CHAPTER}", wait_until="networkidle")
    tab.get_by_role("textbox").focus()
    tab.keyboard.press("Alt+x")
    assert tab.locator(TOGGLE).get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_place_being_read_stays_where_it_is(address, visit, width):
    tab = visit(width=width, height=800).tab
    tab.goto(f"{address}zh/{CHAPTER}")
    paragraph = tab.locator("article > p").nth(30)
    # The first that begins below the header.
    paragraph.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 60)")
    before = paragraph.evaluate(RESTING)
    for _ in range(2):
        toggle(tab)
        assert abs(paragraph.evaluate(RESTING) - before) <= 3


def test_it_goes_along_from_page_to_page_and_is_stored_nowhere(address, visit):
    reader = visit()
    tab = reader.tab
    tab.goto(f"{address}zh/index.html", wait_until=SOON)
    toggle(tab)
    assert tab.evaluate("location.href") == f"{address}zh/index.html?beside"
    # From the other language's column to the same page in the reader's own, at the section.
    tab.locator(".beside a", has_text="Attention cues").first.click()
    tab.wait_for_url(f"{address}zh/attention-cues.html?beside")
    tab.locator(FIRST).first.wait_for(state="attached")
    tab.locator("a.attn-language").click()
    tab.wait_for_url(f"{address}en/attention-cues.html?beside*")
    tab.locator(FIRST).first.wait_for(state="attached")
    toggle(tab)
    assert tab.evaluate("location.search") == ""
    tab.locator("footer a.md-footer__link--next").click()
    tab.wait_for_url(f"{address}en/{CHAPTER}")
    assert tab.locator(TOGGLE).get_attribute("aria-pressed") == "false"
    assert tab.locator(FIRST).count() == 0
    kept = tab.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "beside" not in kept.lower()
    assert reader.context.cookies() == []


def test_links_to_places_on_the_page_do_not_load_it_again(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/{CHAPTER}", wait_until=SOON)
    toggle(tab)
    tab.evaluate("globalThis.same = true")
    link = tab.locator('.beside a[href^="#"]').first
    name = link.get_attribute("href")
    link.click()
    tab.wait_for_url(f"{address}en/{CHAPTER}?beside{name}")
    assert tab.evaluate("globalThis.same")
    arrive(tab, name[1:])


def test_solutions_unfold_in_both_languages_at_once(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/{CHAPTER}", wait_until=SOON)
    toggle(tab)
    solution = tab.locator("details.solution").first
    assert solution.locator("summary").inner_text().split() == ["解答", "Solution"]
    english = solution.locator("div.beside").first
    assert not english.is_visible()
    solution.locator("summary").click()
    assert english.is_visible()
    own = solution.locator("[data-beside-own]").first.bounding_box()
    assert own["x"] + own["width"] <= english.bounding_box()["x"]


def test_lists_stand_item_by_item(address, visit):
    tab = visit(width=1440).tab
    tab.goto(f"{address}zh/attention-cues.html", wait_until=SOON)
    toggle(tab)
    gaps = tab.evaluate(
        """() => [...document.querySelectorAll("article > ol[data-beside-items]")].flatMap((list) =>
          [...list.children].map((item, place) => Math.abs(item.getBoundingClientRect().top -
            list.nextElementSibling.querySelector("ol").children[place].getBoundingClientRect().top)))
        """
    )
    assert len(gaps) >= 4
    assert max(gaps) <= 5


def test_the_navigation_makes_room_and_comes_when_called(address, visit):
    tab = visit(width=1280).tab
    tab.goto(f"{address}zh/{CHAPTER}", wait_until=SOON)
    link = tab.locator(".md-sidebar--primary a.md-nav__link[href='glossary.html']")
    assert link.is_visible()
    toggle(tab)
    link.wait_for(state="hidden")
    drawer = tab.locator(".md-header label[for=__drawer]")
    drawer.click()
    link.wait_for()
    tab.mouse.click(1000, 500)  # beside it
    link.wait_for(state="hidden")
    drawer.click()
    link.click()
    tab.wait_for_url(f"{address}zh/glossary.html?beside")


def test_it_is_printed_when_it_is_on(address, visit, tmp_path):
    tab = visit().tab
    tab.goto(f"{address}en/attention-cues.html", wait_until=SOON)
    counts = []
    for name in ("off", "on"):
        if name == "on":
            toggle(tab)
        path = tmp_path / f"{name}.pdf"
        tab.pdf(path=path, format="A4")
        text = "".join(page.extract_text() for page in PdfReader(path).pages)
        counts.append(len(HAN.findall(text)))
        assert "Attention is scarce" in text
    assert counts[0] < 100
    assert counts[1] > 1000


def test_a_twin_that_cannot_be_loaded_is_said_and_may_be_tried_again(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/about.html", wait_until=SOON)
    tab.route("**/*.beside.js", lambda route: route.abort())
    tab.locator(TOGGLE).click()
    said = tab.locator(".beside-failed")
    said.wait_for()
    assert "没能载入" in said.inner_text()
    assert tab.locator(TOGGLE).get_attribute("aria-pressed") == "false"
    tab.unroute("**/*.beside.js")
    toggle(tab)
    assert tab.locator(FIRST).count() > 10


def test_two_quick_clicks_end_where_they_began(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/{CHAPTER}")
    before = tab.evaluate(CONTENTS)
    tab.locator(TOGGLE).dblclick()
    # What the first one asked for has come, and nothing waits for it any more.
    until(tab, "globalThis.attnBeside && !document.querySelector('script[src$=\".beside.js\"]')")
    assert tab.locator(TOGGLE).get_attribute("aria-pressed") == "false"
    assert tab.evaluate(CONTENTS) == before


def test_without_scripts_it_is_not_offered(address, visit):
    tab = visit(java_script_enabled=False).tab
    tab.goto(f"{address}zh/{CHAPTER}")
    assert not tab.locator(TOGGLE).is_visible()


# The text of least contrast. A panel is a gradient: its darkest end counts.
CONTRASTS = measure("""
  const paint = (one) => {
    const { backgroundColor, backgroundImage } = getComputedStyle(one);
    const panel = one.matches("div.beside") && backgroundImage !== "none";
    return panel
      ? [backgroundColor, getComputedStyle(one).getPropertyValue("--attn-panel")]
      : [backgroundColor];
  };
  const texts = [...document.querySelectorAll(
    ".beside :is(p, li, a, figcaption, h2, h3, code, td, .gallery-title), span.beside, " +
    "td > .beside, .attn-beside")];
  return texts.filter((element) => element.getBoundingClientRect().height)
    .map((element) => [contrast(element, null, paint), element.outerHTML.slice(0, 80)])
    .sort(([one], [two]) => one - two).slice(0, 1);
""")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_twin_can_be_read_in_both_schemes(address, visit, scheme, width):
    tab = visit(width=width, color_scheme=scheme, reduced_motion="reduce").tab
    for page in (f"zh/{CHAPTER}", "en/glossary.html", "en/figures/index.html"):
        tab.goto(address + page, wait_until=SOON)
        toggle(tab)
        ((contrast, element),) = tab.evaluate(CONTRASTS)
        assert contrast >= 4.5, (page, element)


def test_every_script_that_pages_ask_for_is_there_and_small(site, pages):
    for page in both(pages):
        html = (site / page).read_text("utf-8")
        names = re.findall(r'data-attn-beside="([^"]+)"', html)
        assert len(names) == offered(site, page), page
        for name in names:
            script = (site / page).parent / name
            data = script.read_bytes()
            assert len(gzip.compress(data)) < 24_000, name
            rows = json.loads(data.decode().partition(" = ")[2].rstrip(";\n"))["rows"]
            marks = len(re.findall(r"<[^<>]* data-beside[ />]", html))
            numbers = {number for own, _, _ in rows for number in own}
            assert numbers <= set(range(marks)), page
