"""Pages fit the screens they are read on."""

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
() => [...document.querySelectorAll(".equation")].filter(
  (box) => box.scrollWidth > box.clientWidth).map((box) => box.id)
"""
OVERLAPPING = """
() => [...document.querySelectorAll(".equation")].filter((box) => {
  const number = box.querySelector(".katex-tag")?.getBoundingClientRect();
  return number && [...box.querySelectorAll(".katex-base")].some(
    (part) => !part.closest(".katex-tag") && part.getBoundingClientRect().right > number.left + 1);
}).map((box) => box.id)
"""


def test_no_page_scrolls_sideways(address, pages, visit):
    tab = visit().tab
    for page in pages:
        tab.goto(address + page)
        # Material slides its parts to where a new width wants them.
        tab.add_style_tag(content="* { transition: none !important }")
        # A folded solution has to fit, too.
        tab.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        for width in (360, 768, 1280):
            tab.set_viewport_size({"width": width, "height": 740})
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, page
            assert tab.evaluate(STICKING_OUT) == [], page


def test_a_wide_formula_scrolls_in_its_own_box_and_keeps_its_number_clear(
    address, site, pages, visit
):
    tab = visit(width=360, height=740).tab
    scrolled = 0
    for page in pages:
        if 'class="equation"' not in (site / page).read_text(encoding="utf-8"):
            continue
        tab.goto(address + page)
        scrolled += len(tab.evaluate(SCROLLING))
        assert tab.evaluate(OVERLAPPING) == [], page
    assert scrolled


def test_the_column_of_prose_is_as_wide_as_a_reader_likes(address, visit):
    tab = visit(width=1600).tab
    for page, least, most in (("zh/index.html", 32, 40), ("en/index.html", 32, 40)):
        tab.goto(address + page)
        paragraph = tab.locator("article > p").first
        size = float(paragraph.evaluate("p => parseFloat(getComputedStyle(p).fontSize)"))
        assert least <= paragraph.bounding_box()["width"] / size <= most


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
