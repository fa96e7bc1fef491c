"""Every page reads without JavaScript."""

import pytest


@pytest.fixture
def tab(visit):
    return visit(java_script_enabled=False).tab


def test_formulas_are_set(address, pages, tab):
    formulas = 0
    for page in pages:
        tab.goto(address + page)
        for formula in tab.locator("article .katex-html:visible").all()[:5]:
            assert formula.bounding_box()["width"] > 3, page
            formulas += 1
        text = tab.locator("body").inner_text()
        assert "\\(" not in text, page
        assert "$$" not in text, page
    assert formulas


def test_prose_code_and_figures_are_there(address, tab):
    tab.goto(f"{address}zh/nadaraya-watson.html")
    assert tab.locator("article h1").is_visible()
    assert tab.locator(".cell > .highlight").first.is_visible()
    assert tab.locator("figure.figure img").first.is_visible()


def test_a_solution_unfolds(address, tab):
    tab.goto(f"{address}zh/nadaraya-watson.html")
    solution = tab.locator("details.solution").first
    inside = solution.locator("p").first
    assert not inside.is_visible()
    solution.locator("summary").first.click()
    assert inside.is_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_search_is_offered_where_it_cannot_work(address, visit, language, width):
    tab = visit(java_script_enabled=False, width=width).tab
    tab.goto(f"{address}{language}/index.html")
    assert tab.locator("article h1").is_visible()
    assert not tab.locator(".md-search").is_visible()
    assert tab.locator("[for=__search]:visible").count() == 0
