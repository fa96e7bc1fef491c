"""What readers ask of their systems: chosen colours, less movement, paper."""

import io
import unicodedata

import pytest
from pypdf import PdfReader

PAGE = "zh/nadaraya-watson.html"


def test_chosen_colours_leave_frames_icons_and_focus_to_be_seen(address, visit):
    tab = visit(forced_colors="active", color_scheme="dark").tab
    tab.goto(address + PAGE)
    paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    for selector, side in ((".cell", "Top"), (".output", "Top"), (".admonition", "Left")):
        element = tab.locator(selector).first
        width, colour = element.evaluate(
            f"it => {{ const s = getComputedStyle(it); "
            f"return [parseFloat(s.border{side}Width), s.border{side}Color] }}"
        )
        assert width >= 1, selector
        assert colour != paper, selector
    icon = tab.locator("summary").first.evaluate(
        "it => getComputedStyle(it, '::after').backgroundColor"
    )
    assert icon != paper
    link = tab.locator("article a.equation-number").first
    link.focus()
    outline = link.evaluate(
        "it => [getComputedStyle(it).outlineStyle, getComputedStyle(it).outlineColor]"
    )
    assert outline[0] == "solid"
    assert outline[1] != paper


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chosen_colours_cut_no_formula(address, visit, scheme):
    """No plate lies behind letters, which would cover dots and bars of what is above them."""
    tab = visit(forced_colors="active", color_scheme=scheme).tab
    tab.goto(address + PAGE)
    formulas = tab.locator("article .katex")
    told = formulas.evaluate_all(
        """formulas => formulas.map((it) => {
          const [own, around] = [it, it.closest("a") ?? document.body].map(getComputedStyle);
          return [own.forcedColorAdjust, own.color === around.color];
        })"""
    )
    assert len(told) > 100
    assert {tuple(one) for one in told} == {("none", True)}


def test_nothing_moves_for_readers_who_ask_for_rest(address, visit):
    durations = """
    () => [...document.querySelectorAll("*")].flatMap((it) => {
      const style = getComputedStyle(it);
      return [style.transitionDuration, style.animationDuration];
    }).join(",").split(",").map(parseFloat)
    """
    still = visit(reduced_motion="reduce").tab
    still.goto(address + PAGE)
    assert max(still.evaluate(durations)) < 0.001
    moving = visit(reduced_motion="no-preference").tab
    moving.goto(address + PAGE)
    assert max(moving.evaluate(durations)) > 0.01


@pytest.mark.parametrize("page", ["zh/index.html", PAGE, "en/attention-cues.html"])
def test_paper_has_the_text_and_nothing_to_press(address, visit, page):
    tab = visit(color_scheme="dark").tab
    tab.goto(address + page)
    tab.emulate_media(media="print")
    for gone in (".md-header", ".md-sidebar", ".md-footer", ".headerlink", ".figure-files"):
        assert not [one for one in tab.locator(gone).all() if one.is_visible()], gone
    for picture in tab.locator("figure img").all():
        picture.scroll_into_view_if_needed()
    paper = PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    width, height = paper.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)
    # Some fonts have one shape for a character and a radical; Chromium names the radical.
    words = unicodedata.normalize("NFKC", "".join(sheet.extract_text() for sheet in paper.pages))
    title = unicodedata.normalize("NFKC", tab.locator("h1").inner_text())
    assert "".join(title.split()) in "".join(words.split())


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_folded_is_on_paper_all_the_same(address, visit, scripts):
    tab = visit(java_script_enabled=scripts).tab
    tab.goto(f"{address}en/nadaraya-watson.html")
    paper = PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    words = "".join("".join(sheet.extract_text().split()) for sheet in paper.pages)
    solutions = tab.locator("details.solution > p:first-of-type").all_text_contents()
    assert len(solutions) >= 4
    for solution in solutions:
        start = "".join(solution.split("$")[0].split())[:24]
        assert unicodedata.normalize("NFKC", start) in unicodedata.normalize("NFKC", words), start


def test_wide_screens_have_notes_in_the_margin_and_narrow_ones_in_the_text(address, visit):
    tab = visit(width=1440).tab
    for width, beside in ((1440, True), (2560, True), (1280, False), (360, False)):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(address + PAGE)
        note = tab.locator("article > .admonition.note").first.bounding_box()
        text = tab.locator("article > p:not([class])").first.bounding_box()
        assert (note["x"] >= text["x"] + text["width"]) == beside
        assert note["x"] + note["width"] <= width
        contents = tab.locator(".md-sidebar--secondary")
        if beside:
            assert note["x"] + note["width"] <= contents.bounding_box()["x"]
