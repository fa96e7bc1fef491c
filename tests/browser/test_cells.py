"""Code, what it printed and what it drew are one cell, and what came out says so."""

import pytest


@pytest.mark.parametrize(
    ("page", "label"),
    [
        ("zh/nadaraya-watson.html", "输出"),
        ("en/nadaraya-watson.html", "Output"),
        ("en/notebooks/nadaraya-watson.html", "Output"),
    ],
)
def test_output_is_labelled_in_the_language_of_the_page(address, visit, page, label):
    tab = visit().tab
    tab.goto(address + page)
    labels = tab.locator(".output").evaluate_all(
        "all => all.map(it => getComputedStyle(it, '::before').content)"
    )
    assert set(labels) == {f'"{label}"'}


def test_output_is_set_off_from_the_code_within_one_frame(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/nadaraya-watson.html")
    cell = tab.locator("#cell-average-pooling-fit")
    code, output, figure = (cell.locator(f"> :nth-child({place})") for place in (1, 2, 3))
    tab.evaluate("document.fonts.ready.then(() => null)")  # what arrives would move it all
    frame = cell.bounding_box()
    for part in (code, output, figure):
        box = part.bounding_box()
        assert abs(box["x"] - frame["x"]) <= 2
        assert abs(box["width"] - frame["width"]) <= 4
    below = code.bounding_box()["y"] + code.bounding_box()["height"]
    assert abs(output.bounding_box()["y"] - below) <= 1
    ground = "it => getComputedStyle(it).backgroundColor"
    assert code.locator("code").evaluate(ground) != output.evaluate(ground)
    letters = output.locator("code").bounding_box()["x"]
    assert letters > code.locator("code").bounding_box()["x"] + 20


def test_output_copied_by_hand_has_no_label_in_it(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/nadaraya-watson.html")
    copied = tab.locator("#cell-average-pooling-fit .output").evaluate(
        "it => { getSelection().selectAllChildren(it); return String(getSelection()) }"
    )
    assert copied.startswith("mean squared error")


CUT = """
() => [...document.querySelectorAll("article .highlight pre > code")].flatMap((code) => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const box = code.getBoundingClientRect();
  const hidden = (element) => {
    const around = element.getBoundingClientRect();
    return getComputedStyle(element).overflowX !== "visible" &&
      (box.right > around.right + 1 || box.left < around.left - 1);
  };
  let cut = false;
  for (let up = code.parentElement; up.tagName !== "ARTICLE"; up = up.parentElement) {
    cut ||= hidden(up);
  }
  const style = getComputedStyle(code);
  const more = code.scrollWidth > code.clientWidth + 1;
  const shadows = style.backgroundImage.split("linear-gradient").length - 1;
  const sign = style.overflowX === "auto" && shadows === 4;
  return cut || (more && !sign) ? [code.textContent.slice(0, 40)] : [];
})
"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", ["zh/attention-cues", "en/nadaraya-watson", "zh/lecture-notes"])
def test_nothing_is_cut_off_without_a_sign(address, visit, page, width):
    tab = visit(width=width).tab
    tab.goto(f"{address}{page}.html")
    assert tab.evaluate(CUT) == []
    assert tab.locator(".output").count() > 2
