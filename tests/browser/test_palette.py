"""Light and dark."""

import pytest

from browser.conftest import until

SCHEME = "document.body.dataset.mdColorScheme"
PAPER = "getComputedStyle(document.body).backgroundColor"
BUTTON = "button.attn-scheme"


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
    tab.locator(BUTTON).click()
    assert tab.evaluate(SCHEME) == "slate"
    for page in ("zh/index.html", "zh/lecture-notes.html", "en/about.html"):
        tab.goto(address + page)
        assert tab.evaluate(SCHEME) == "slate"
    tab.goto(address)
    assert lightness(tab.evaluate(PAPER)) < 0.5
    tab.goto(f"{address}en/about.html")
    tab.locator(BUTTON).click()
    tab.reload()
    assert tab.evaluate(SCHEME) == "default"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("zh", ["切换到深色", "切换到浅色"]),
        ("en", ["Switch to dark mode", "Switch to light mode"]),
    ],
)
def test_keys_press_the_button_and_it_says_what_one_gets(address, visit, language, names):
    tab = visit(color_scheme="light").tab
    tab.goto(f"{address}{language}/about.html")
    bars = []
    for name, scheme in zip([*names, names[0]], ["default", "slate", "default"], strict=True):
        assert tab.evaluate(SCHEME) == scheme
        button = tab.get_by_role("button", name=name, exact=True)
        assert button.get_attribute("title") == name
        assert button.locator("svg:visible").count() == 1
        bars.append(tab.locator("meta[name=theme-color]").get_attribute("content"))
        button.press("Enter")
    # The bars that a phone draws around the page are of its colour.
    assert bars[0] == bars[2] and lightness(bars[0]) > 0.9 and lightness(bars[1]) < 0.2


def test_the_button_works_before_everything_has_come(address, visit):
    tab = visit(color_scheme="dark").tab
    waiting = []
    tab.route("**/*.svg", lambda route: waiting.append(route))  # pictures on their way for ever
    tab.goto(f"{address}zh/index.html", wait_until="domcontentloaded")
    tab.get_by_role("button", name="切换到浅色", exact=True).click()
    assert tab.evaluate(SCHEME) == "default"
    assert waiting and tab.evaluate("document.readyState") == "interactive"


def test_the_system_is_followed_until_the_reader_chooses(address, visit):
    tab = visit(color_scheme="light").tab
    tab.goto(f"{address}zh/index.html")
    tab.emulate_media(color_scheme="dark")
    until(tab, f"{SCHEME} === 'slate'")
    assert tab.evaluate("localStorage.length") == 0
    tab.locator(BUTTON).click()
    tab.emulate_media(color_scheme="light")
    tab.emulate_media(color_scheme="dark")
    tab.reload()
    assert tab.evaluate(SCHEME) == "default"


def test_what_another_page_chose_is_seen_by_the_page_that_one_comes_back_to(address, visit):
    tab = visit(color_scheme="light").tab
    tab.goto(f"{address}zh/index.html")
    tab.goto(f"{address}en/about.html")
    tab.locator(BUTTON).click()
    tab.go_back()
    until(tab, f"{SCHEME} === 'slate'")


def test_the_dark_is_there_before_any_script_has_come(address, visit):
    tab = visit(color_scheme="dark").tab
    tab.route("**/*.js", lambda route: route.abort())
    tab.goto(f"{address}zh/nadaraya-watson.html")
    assert tab.evaluate(SCHEME) == "slate"
    assert lightness(tab.evaluate(PAPER)) < 0.5
    assert tab.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_browser_that_keeps_nothing_has_both(address, visit):
    reader = visit(color_scheme="light")
    reader.tab.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " { get() { throw new DOMException('blocked', 'SecurityError'); } })"
    )
    reader.tab.goto(f"{address}zh/nadaraya-watson.html")
    reader.tab.locator(BUTTON).click()
    assert reader.tab.evaluate(SCHEME) == "slate"
    reader.tab.locator("a.attn-language").click()
    reader.tab.wait_for_url("**/en/nadaraya-watson.html")
    assert reader.faults == []


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
