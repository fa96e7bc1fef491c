"""Light and dark."""

import pytest

from browser.conftest import until

SCHEME = "document.body.dataset.mdColorScheme"
PAPER = "getComputedStyle(document.body).backgroundColor"


def lightness(colour: str) -> float:
    return sum(map(float, colour.removeprefix("rgb(").removesuffix(")").split(","))) / 765


@pytest.mark.parametrize(("wish", "scheme"), [("light", "default"), ("dark", "slate")])
def test_the_reader_gets_what_the_system_asks_for(address, visit, wish, scheme):
    tab = visit(color_scheme=wish).tab
    tab.goto(f"{address}zh/index.html")
    assert tab.evaluate(SCHEME) == scheme
    assert (lightness(tab.evaluate(PAPER)) > 0.5) == (wish == "light")


def test_the_choice_holds_on_every_page_of_both_languages(address, visit):
    tab = visit(color_scheme="light").tab
    tab.goto(f"{address}zh/index.html")
    tab.locator("[data-md-component=palette] label:visible").click()
    assert tab.evaluate(SCHEME) == "slate"
    for page in ("zh/index.html", "zh/lecture-notes.html", "en/about.html"):
        tab.goto(address + page)
        assert tab.evaluate(SCHEME) == "slate"
    tab.goto(address)
    assert lightness(tab.evaluate(PAPER)) < 0.5
    tab.goto(f"{address}en/about.html")
    tab.locator("[data-md-component=palette] label:visible").click()
    tab.reload()
    assert tab.evaluate(SCHEME) == "default"


@pytest.mark.parametrize("page", ["zh/nadaraya-watson.html", "en/notebooks/attention-cues.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_scheme_of_the_page(address, visit, page, scheme):
    tab = visit(color_scheme=scheme).tab
    tab.goto(address + page)
    looks = tab.locator("figure.figure img").evaluate_all(
        "images => images.map(getComputedStyle).map(s => [s.colorScheme, s.backgroundColor])"
    )
    assert {tuple(look) for look in looks} == {
        (f"{scheme} only", {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 25, 29)"}[scheme])
    }
    tab.emulate_media(media="print")
    image = tab.locator("figure.figure img").first
    assert image.evaluate("image => getComputedStyle(image).colorScheme") == "light only"


def test_paper_is_white_even_in_the_dark(address, visit):
    tab = visit(color_scheme="dark").tab
    tab.goto(f"{address}en/about.html")
    assert lightness(tab.evaluate(PAPER)) < 0.5
    tab.emulate_media(media="print")
    until(tab, f"{PAPER} == 'rgb(255, 255, 255)'")
