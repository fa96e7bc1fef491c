"""What scrolls sideways can be reached and scrolled by keys."""

import pytest

from browser.conftest import until

STOPS = """selector => [...document.querySelectorAll(selector)]
  .filter((box) => box.checkVisibility() && getComputedStyle(box).overflowX !== "visible")
  .map((box) => [box.scrollWidth > box.clientWidth + 1, box.tabIndex === 0])"""
RIGHT = f"selector => ({STOPS})(selector).every(([scrolls, stops]) => scrolls === stops)"


def walk(tab) -> None:
    """Go down the page as a reader does, so that everything has been near."""
    height = tab.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 700):
        tab.evaluate(
            """top => new Promise((seen) => {
              scrollTo({ top, behavior: "instant" });
              requestAnimationFrame(() => requestAnimationFrame(seen));
            })""",
            top,
        )


def test_nobody_has_to_come_near_for_it(address, visit):
    tab = visit(width=360, height=740).tab
    tab.goto(f"{address}zh/nadaraya-watson.html")
    until(tab, RIGHT, ".equation-formula, .md-typeset pre > code")
    tab.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    until(tab, RIGHT, ".equation-formula, .md-typeset pre > code")
    assert tab.evaluate("scrollY") == 0


@pytest.mark.parametrize("finger", [False, True], ids=["mouse", "finger"])
def test_code_that_scrolls_stops_the_tab_key(address, visit, finger):
    tab = visit(width=360, height=740, has_touch=finger, is_mobile=finger).tab
    tab.goto(f"{address}en/attention-cues.html")
    assert tab.evaluate("matchMedia('(hover: hover)').matches") is not finger
    walk(tab)
    code = ".md-typeset .highlight pre > code"
    until(tab, RIGHT, code)
    tab.wait_for_timeout(300)  # Material measures when code is seen, and may take it back
    until(tab, RIGHT, code)
    assert any(scrolls for scrolls, _ in tab.evaluate(STOPS, code))


def test_a_table_that_scrolls_stops_the_tab_key(address, visit):
    tab = visit(width=360, height=740).tab
    tab.goto(f"{address}en/glossary.html")
    tab.evaluate(
        "document.querySelectorAll('.md-typeset__scrollwrap table')"
        ".forEach((table) => { table.style.width = '1200px'; })"
    )
    walk(tab)
    box = ".md-typeset__scrollwrap"
    until(tab, RIGHT, box)
    assert tab.evaluate(STOPS, box) == [[True, True]]
