"""Text stands out from what is behind it as WCAG 2.2 AA wants it, in light and dark."""

import pytest

from browser.contrast import measure

# Every text of the page with too little contrast: its own colour over the backgrounds behind it.
FAINT = measure("""
  const faint = [];
  const check = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const found = contrast(element, pseudo);
    if (found < (large ? 3 : 4.5)) {
      faint.push(`${found.toFixed(2)} ${element.className || element.tagName}${pseudo || ""} ` +
        `${element.textContent.trim().slice(0, 40)}`);
    }
  };
  let seen = 0;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility({ opacityProperty: true })) {
      continue;
    }
    if (element.closest(".katex-mathml, script, style, noscript, option")) continue;
    seen += 1;
    check(element);
  }
  const fields = document.querySelectorAll("input[placeholder]");
  for (const field of fields) check(field, "::placeholder");
  for (const output of document.querySelectorAll(".output")) check(output, "::before");
  return { faint: [...new Set(faint)], seen };
""")
# The contrast of an element's edge with the paper.
EDGE = measure(
    "const paper = painted(document.body);"
    "return ratio(paper, [...paper, getComputedStyle(element).borderTopColor]);",
    of="element",
)
PAGES = (
    "index.html",
    "404.html",
    "zh/404.html",
    "zh/index.html",
    "en/nadaraya-watson.html",
    "zh/attention-cues.html",
    "en/about.html",
    "zh/glossary.html",
    "en/figures/index.html",
    "zh/figures/three-predictions/index.html",
    "en/notebooks/lecture-notes.html",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(address, visit, scheme):
    tab = visit(color_scheme=scheme, reduced_motion="reduce").tab
    for page in PAGES:
        tab.goto(address + page)
        tab.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        found = tab.evaluate(FAINT)
        assert found["faint"] == [], page
        assert found["seen"] > 3, page


def test_the_check_sees_faint_text(address, visit):
    tab = visit(bypass_csp=True).tab
    tab.goto(f"{address}en/about.html")
    tab.add_style_tag(content=".md-typeset p { color: #999 }")
    assert tab.evaluate(FAINT)["faint"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_can_be_pressed_has_an_edge_that_can_be_seen(address, visit, scheme):
    tab = visit(color_scheme=scheme, reduced_motion="reduce").tab
    for page, control in (
        ("zh/index.html", ".home-door"),
        ("zh/index.html", ".attn-language"),
        ("en/figures/index.html", ".gallery-filter select"),
        ("en/figures/three-predictions/index.html", ".cite-copy"),
        ("en/figures/three-predictions/index.html", ".figure-downloads a"),
    ):
        tab.goto(address + page)
        assert tab.locator(control).first.evaluate(EDGE) >= 3, f"{page}: {control}"
