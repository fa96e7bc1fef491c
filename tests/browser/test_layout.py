"""Pages fit the screens they are read on."""

import os
import re
import shutil
import subprocess
from base64 import b64encode
from html import escape
from pathlib import Path

import matplotlib
import pytest
from playwright.sync_api import Browser, Route

from attnbook.press.words.load import WORDS
from browser.conftest import resize, until

# Letters of every width, narrow and wide, as they come with Matplotlib.
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
READING = ("DejaVuSans", "DejaVuSerif", "STIXGeneral")

# Elements that stick out of the window although nothing around them scrolls or clips them.
STICKING_OUT = """
() => [...document.querySelectorAll("body *")].filter((element) => {
  const box = element.getBoundingClientRect();
  if (!box.width || !box.height || box.right <= innerWidth + 1) return false;
  for (let outer = element; outer && outer !== document.body; outer = outer.parentElement) {
    const style = getComputedStyle(outer);
    if (style.overflowX !== "visible" || style.position === "fixed") return false;
    if (style.clipPath !== "none" || style.clip !== "auto") return false;
  }
  return true;
}).map((element) => element.outerHTML.slice(0, 120))
"""


SCROLLING = """
() => [...document.querySelectorAll(".equation-formula")].filter(
  (box) => box.scrollWidth > box.clientWidth).map((box) => box.parentElement.id)
"""
# How many characters of each long paragraph there is room for in a line.
LETTERS = """
() => [...document.querySelectorAll("article > p:not([class], [id])")].filter(
  (p) => !p.querySelector(".maths, code") && p.textContent.length > 150
).map((p) => {
  const room = p.clientWidth;
  const text = document.createRange();
  text.selectNodeContents(p);
  p.style.whiteSpace = "nowrap";
  const { width } = text.getBoundingClientRect();
  p.style.whiteSpace = "";
  return p.textContent.length * room / width;
})
"""


def test_no_page_scrolls_sideways_but_for_wide_formulas_in_their_boxes(address, pages, visit):
    tab = visit(bypass_csp=True).tab  # for the styles of this test
    scrolled = 0
    for page in pages:
        tab.goto(address + page)
        # Material slides its parts to where a new width wants them.
        tab.add_style_tag(content="* { transition: none !important }")
        # A folded solution has to fit, too.
        tab.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        for width in (320, 360, 768, 1280, 2560):
            resize(tab, width, 740)
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, page
            assert tab.evaluate(STICKING_OUT) == [], page
            scrolled += len(tab.evaluate(SCROLLING)) if width == 360 else 0
    assert scrolled


# What moved since `start`, and by how much, once fonts are there. Less than a hundredth is what a
# header moves.
SHIFTS = """
(start) => new Promise((done) => {
  const moved = [];
  const collect = (list) => moved.push(...list.getEntries()
    .filter(({ value, startTime }) => value > 0.01 && startTime >= start)
    .map(({ value, sources }) => [value, ...sources.map(({ node }) => node?.nodeName)]));
  new PerformanceObserver(collect).observe({ type: "layout-shift", buffered: true });
  // What fonts move is seen in the next frame, and told after it.
  const frame = () => new Promise(requestAnimationFrame);
  document.fonts.ready.then(frame).then(frame).then(frame)
    .then(() => setTimeout(() => done(moved), 20));
})
"""


# A page whose text is there: only scripts are waited for, the last of them at the end of the body.
READ = """() => document.readyState !== "loading" || document.querySelector("body > script[src]")"""
# Where the text of the first screen stands, and the formulas in it.
PLACES = """
() => [...document.querySelectorAll("article > *, article p > *")].map(
  (one) => [one.textContent.slice(0, 40), one.getBoundingClientRect()]
).filter(([, { top, width }]) => width && top < innerHeight).map(
  ([text, { left, top, right, bottom }]) => [text, left, top, right, Math.min(bottom, innerHeight)])
"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
HAN = f"{ord('注'):x}"


class SlowLine:
    """What a page asks for is held until it is let through, and then what it asks for later, too.

    A page waits for ever for what nobody lets through.
    """

    def __init__(self) -> None:
        self.slow = True
        self.held: list[Route] = []

    def carry(self, route: Route) -> None:
        if self.slow:
            self.held.append(route)
        else:
            route.continue_()

    def let_through(self) -> None:
        self.slow = False
        while self.held:
            self.held.pop().continue_()


@pytest.fixture(scope="module", params=["fonts of the machine", "no Chinese font"])
def reader(request, launch, browser, tmp_path_factory) -> Browser:
    """Lines break elsewhere in other fonts, so a shift may show with one set of them alone."""
    if request.param == "fonts of the machine":
        return browser
    lister = shutil.which("fc-list")
    listed = [lister, "--format", "%{file}\n", f":charset={HAN}"] if lister else ["true"]
    found = set(subprocess.check_output(listed, text=True).splitlines())
    if not found:
        pytest.skip("no Chinese font is known here that could be left out")
    rejected = "".join(f"<glob>{escape(file)}</glob>" for file in sorted(found))
    config = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    inherited = escape(os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf"))
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<include>{inherited}</include>"
        f"<selectfont><rejectfont>{rejected}</rejectfont></selectfont></fontconfig>",
        "utf-8",
    )
    return launch(FONTCONFIG_FILE=str(config))


@pytest.mark.parametrize("width", [360, 1280])
def test_text_stays_where_it_is_when_fonts_come(address, site, pages, visit, reader, width):
    # Every move is seen here, however small: which of them breaks a line is up to the fonts.
    tab = visit(width=width, height=740, within=reader).tab
    line = SlowLine()
    tab.route(re.compile(r"\.woff2$"), line.carry)
    chapters = [page for page in pages if page.count("/") == 1]
    for page in chapters:
        line.slow = True
        tab.goto(address + page, wait_until="domcontentloaded")
        tab.evaluate(FRAMES)
        before = tab.evaluate(PLACES)
        line.let_through()
        tab.wait_for_load_state()
        tab.evaluate("() => document.fonts.ready.then(() => null)")
        after = tab.evaluate(PLACES)
        assert [text for text, *_ in after] == [text for text, *_ in before], page
        for (text, *old), (_, *new) in zip(before, after, strict=True):
            assert new == pytest.approx(old, abs=1), f"{page}: {text}"
    assert any('class="katex"' in (site / page).read_text("utf-8") for page in chapters)


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_comes(address, pages, visit, reader, width):
    tab = visit(width=width, height=740, within=reader).tab
    # Scripts and fonts come long after the text.
    line = SlowLine()
    tab.route(re.compile(r"\.(js|woff2)$"), line.carry)
    for page in pages:
        line.slow = True
        tab.goto(address + page, wait_until="commit")
        until(tab, READ)
        tab.evaluate(FRAMES)
        # How much of a table is painted before its last row has come is up to the machine.
        start = tab.evaluate("performance.now()")
        line.let_through()
        tab.wait_for_load_state()
        assert tab.evaluate(SHIFTS, start) == [], page


@pytest.mark.parametrize("language", WORDS)
def test_a_phone_shows_the_whole_title_of_the_book(address, visit, language):
    tab = visit(width=360, height=740).tab
    tab.goto(f"{address}{language}/nadaraya-watson.html")
    title = tab.locator(".md-header__topic > .md-ellipsis").first
    wide, high = title.evaluate(
        "one => [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]"
    )
    assert wide <= 0
    assert high < 8  # less than a line, which is what would be cut
    assert title.inner_text() in {"注意力之书", "The Attention Book"}


@pytest.mark.parametrize("width", [1280, 1440, 2560])
def test_a_line_of_chinese_is_as_long_as_a_reader_likes(address, visit, width):
    tab = visit(width=width).tab
    tab.goto(f"{address}zh/attention-cues.html")
    paragraph = tab.locator("article > p:not([class])").first
    size = float(paragraph.evaluate("p => parseFloat(getComputedStyle(p).fontSize)"))
    assert 37 <= paragraph.bounding_box()["width"] / size <= 39.5


@pytest.mark.parametrize("font", [*READING, "its own"])
@pytest.mark.parametrize("width", [1280, 2560])
def test_a_line_of_english_is_as_long_in_every_font(address, visit, width, font):
    tab = visit(width=width, bypass_csp=True).tab
    tab.goto(f"{address}en/attention-cues.html")
    if font in READING:
        data = b64encode((FONTS / f"{font}.ttf").read_bytes()).decode()
        face = f"@font-face {{ font-family: reading; src: url(data:font/ttf;base64,{data}) }}"
        tab.add_style_tag(content=f"{face} :lang(en) {{ --attn-sans: reading !important }}")
        tab.evaluate("document.fonts.load('16px reading').then(() => document.fonts.ready)")
        assert tab.evaluate("[...document.fonts].some((face) => face.status === 'loaded')")
    lines = tab.evaluate(LETTERS)
    assert len(lines) > 3
    # No line is full to its last letter: a word has no room there.
    assert 69 <= sum(lines) / len(lines) <= 78


def test_a_link_into_a_folded_solution_opens_it(address, site, visit):
    for path in sorted(site.glob("zh/*.html")):
        text = path.read_text(encoding="utf-8")
        if '<details class="solution"' in text and 'id="cell-' in text.split("solution", 1)[1]:
            break
    else:
        raise AssertionError("no page has a solution with a cell")
    tab = visit().tab
    tab.goto(f"{address}zh/{path.name}")
    cell = tab.locator("details.solution .cell").first
    assert not cell.is_visible()
    tab.goto(f"{address}zh/{path.name}#{cell.get_attribute('id')}")
    cell.wait_for(state="visible")


def test_no_font_is_asked_for_features_that_it_has_by_itself(address, visit):
    # To ask a Chinese font for kerning sets all punctuation half-width in Firefox.
    tab = visit().tab
    tab.goto(f"{address}zh/nadaraya-watson.html")
    asked = tab.evaluate(
        "() => [...document.querySelectorAll('body, aside, input, article *')].filter((one) => "
        "getComputedStyle(one).fontFeatureSettings !== 'normal').map((one) => one.tagName)"
    )
    assert asked == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page", ["zh/nadaraya-watson", "zh/index", "en/lecture-notes"])
def test_a_title_breaks_at_its_colon_or_not_at_all(address, visit, page, width):
    tab = visit(width=width).tab
    tab.goto(f"{address}{page}.html")
    title = tab.locator("h1")
    tops = title.evaluate(
        """title => {
          const top = (node, at) => {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            return range.getBoundingClientRect().top;
          };
          const [before, after] = [title.firstChild, title.querySelector(".phrase").firstChild];
          const colon = before.data.trimEnd().length - 1;
          return [top(before, 0), top(before, colon), top(after, 0), top(after, after.length - 1)];
        }"""
    )
    # Letters of two scripts begin a few pixels apart on one line; lines are three times as far.
    assert abs(tops[0] - tops[1]) < 10  # up to the colon it is one line
    one_line = max(tops) - min(tops) < 10
    assert one_line or tops[2] > tops[1] + 10  # and the next begins after it
    assert not (one_line and width == 360 and page != "zh/index")  # which fits
