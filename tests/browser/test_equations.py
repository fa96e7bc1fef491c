"""Equations: numbers at the right edge, which are links that name them."""

import pytest

from browser.conftest import until

PAGE = "zh/nadaraya-watson.html"
# The boxes that are seen, and whether there is more in them than they show.
SCROLLS = """
[...document.querySelectorAll(".equation-formula")].filter((it) => it.checkVisibility())
  .map((it) => [it, it.scrollWidth > it.clientWidth + 1])
""".strip()


def test_numbers_stand_at_the_right_edge_and_never_over_the_formula(address, visit):
    tab = visit().tab
    for width in (360, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        tab.goto(address + PAGE)
        numbers = tab.locator(".equation-number")
        assert numbers.count() == 7
        for number in numbers.all():
            equation = number.locator("xpath=..")
            box, around = number.bounding_box(), equation.bounding_box()
            formula = equation.locator(".equation-formula").bounding_box()
            assert abs(box["x"] + box["width"] - around["x"] - around["width"]) < 1
            beside = formula["x"] + formula["width"] <= box["x"] + 1
            below = formula["y"] + formula["height"] <= box["y"] + 1
            assert beside or below


@pytest.mark.parametrize(
    ("page", "said"), [(PAGE, "公式 "), (PAGE.replace("zh", "en"), "Equation ")]
)
def test_a_number_is_a_link_that_the_keyboard_reaches(address, visit, page, said):
    tab = visit().tab
    tab.goto(address + page)
    number = tab.get_by_role("link", name=f"{said}(10.2.3)")
    number.focus()
    outline = number.evaluate("it => getComputedStyle(it).outlineStyle")
    tab.keyboard.press("Enter")
    until(tab, "location.hash == '#eq-10.2.3'")
    assert outline == "solid"
    assert tab.locator(".equation:target").get_attribute("id") == "eq-10.2.3"


def test_a_box_that_scrolls_is_a_stop_of_the_tab_key_and_no_other_is(address, visit):
    tab = visit(width=280, height=740).tab
    tab.goto(address + PAGE)
    until(tab, f"{SCROLLS}.every(([it, scrolls]) => scrolls === (it.tabIndex === 0))")
    assert tab.evaluate(f"new Set({SCROLLS}.map(([, scrolls]) => scrolls)).size") == 2
    box = tab.locator(".equation-formula[tabindex]").first
    box.focus()
    tab.keyboard.press("ArrowRight")
    until(tab, "document.activeElement.scrollLeft > 0")
    folded = tab.locator("details.solution:has(.equation-formula)").last
    folded.evaluate("it => { it.open = true }")
    folded.locator(".equation-formula[tabindex]").first.wait_for()
