"""What can be pressed is large enough for a finger, or far enough from its neighbours."""

# WCAG 2.2, 2.5.8: 24 by 24 pixels; or a circle of that size that touches no other target; or a
# link in a line of text.
SMALL = """
() => {
  const shown = [...document.querySelectorAll(
    "a[href], button, input, select, summary, label[for], [role=button]")]
    .filter((it) => it.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter((it) => !it.matches(".md-toggle, .md-overlay, .md-skip, .headerlink"))
    .map((it) => ({ it, boxes: [...it.getClientRects()], box: it.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.height > 1 && box.right > 0 && box.left < innerWidth);
  const text = (it) => it.textContent.replace(/\\s/g, "").length;
  const inline = ({ it }) => {
    if (!getComputedStyle(it).display.startsWith("inline")) return false;
    let line = it.parentElement;
    while (getComputedStyle(line).display === "inline") line = line.parentElement;
    return text(line) > text(it);
  };
  const small = ({ box }) => box.width < 23.9 || box.height < 23.9;
  const centre = ({ box }) => [box.left + box.width / 2, box.top + box.height / 2];
  const near = (one, two) => {
    const [x, y] = centre(one);
    if (small(two) && !inline(two)) {
      const [u, v] = centre(two);
      return Math.hypot(x - u, y - v) < 24;
    }
    const { left, right, top, bottom } = two.box;
    const dx = Math.max(left - x, 0, x - right);
    const dy = Math.max(top - y, 0, y - bottom);
    return Math.hypot(dx, dy) < 12;
  };
  return shown.filter((one) => small(one) && !inline(one) && shown.some(
    (two) => two !== one && !one.it.contains(two.it) && !two.it.contains(one.it) && near(one, two)))
    .map(({ it, box }) =>
      `${Math.round(box.width)} by ${Math.round(box.height)}: ${it.outerHTML.slice(0, 90)}`);
}
"""
PAGES = (
    "index.html",
    "zh/404.html",
    "zh/index.html",
    "en/nadaraya-watson.html",
    "zh/about.html",
    "en/glossary.html",
    "zh/figures/index.html",
    "en/figures/three-predictions/index.html",
    "zh/notebooks/attention-cues.html",
)


def test_targets_are_large_or_apart(address, visit):
    for options in ({"width": 360, "height": 740, "has_touch": True}, {"width": 1280}):
        tab = visit(**options, reduced_motion="reduce").tab
        for page in PAGES:
            tab.goto(address + page)
            assert tab.evaluate(SMALL) == [], f"{page} at {options['width']}"


def test_the_check_sees_crowded_targets(address, visit):
    tab = visit(width=360, height=740, has_touch=True, bypass_csp=True).tab
    tab.goto(f"{address}zh/index.html")
    tab.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend', "
        '\'<div style="font-size:8px;line-height:1"><a href="#a" style="display:block">a</a>'
        '<a href="#b" style="display:block">b</a></div>\')'
    )
    assert len(tab.evaluate(SMALL)) == 2
