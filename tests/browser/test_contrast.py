"""Text stands out from what is behind it as WCAG 2.2 AA wants it, in light and dark."""

import pytest

# Every text of the page with too little contrast: its own colour over the backgrounds behind it.
FAINT = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parsed = new Map();
  const rgba = (colour) => {
    if (!parsed.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      parsed.set(colour, [r, g, b, a / 255]);
    }
    return parsed.get(colour);
  };
  const over = ([r, g, b, a], below) =>
    [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      layers.push(rgba(getComputedStyle(one).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  const check = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    const below = behind(element);
    const colour = over(rgba(style.color), below);
    const [one, two] = [light(colour), light(below)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < (large ? 3 : 4.5)) {
      faint.push(`${ratio.toFixed(2)} ${element.className || element.tagName}${pseudo || ""} ` +
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
}
"""
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
    "zh/figures/three-widths/index.html",
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
    tab = visit(color_scheme=scheme).tab
    for page, control in (
        ("zh/index.html", ".home-door"),
        ("zh/index.html", ".attn-language"),
        ("en/figures/index.html", ".gallery-filter select"),
        ("en/figures/three-widths/index.html", ".cite-copy"),
        ("en/figures/three-widths/index.html", ".figure-downloads a"),
    ):
        tab.goto(address + page)
        edge, paper = tab.locator(control).first.evaluate(
            "it => [getComputedStyle(it).borderTopColor, getComputedStyle(document.body)"
            ".backgroundColor]"
        )
        assert ratio(edge, paper) >= 3, f"{page}: {control}"


def ratio(one: str, two: str) -> float:
    """The contrast of two opaque colours, written ``rgb(…)``."""
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [float(part) / 255 for part in colour.removeprefix("rgb(").rstrip(")").split(",")]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
