"""Formulas in copied text are their TeX, once, whichever part of them was selected."""

from __future__ import annotations

import re

import pytest

LANGUAGES = ("zh", "en")
# What the browser puts on the clipboard when the selection is copied, without asking the system.
COPIED = """
() => {
  const forms = {};
  const read = ({ clipboardData }) => {
    for (const type of clipboardData.types) forms[type] = clipboardData.getData(type);
  };
  addEventListener("copy", read, { once: true }); // after the document's own
  document.execCommand("copy");
  return forms;
}
"""
# Selects what is in `selector`, from the depth of its first formula to that of its last.
SELECT = """
([selector, inside]) => {
  const box = document.querySelector(selector);
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const glyphs = [...box.querySelectorAll(".katex-html")];
  const deep = (node, last) => {
    while (node.firstChild) node = last ? node.lastChild : node.firstChild;
    return node;
  };
  const range = document.createRange();
  range.selectNodeContents(box);
  if (inside) {
    range.setStart(deep(glyphs[0]), 0);
    const end = deep(glyphs[glyphs.length - 1], true);
    range.setEnd(end, end.length ?? 0);
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return [...box.querySelectorAll(".katex")].map((formula) => [
    formula.querySelector("annotation").textContent.trim(),
    Boolean(formula.closest(".katex-display")),
  ]);
}
"""


def written(tex: str, display: bool) -> str:
    return f"$${tex}$$" if display else f"${tex}$"


def formulas_in(text: str) -> list[str]:
    return re.findall(r"\$\$.+?\$\$|\$.+?\$", text, re.DOTALL)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "page",
    ["nadaraya-watson", "lecture-notes", "attention-cues", "glossary", "notebooks/lecture-notes"],
)
def test_every_formula_of_a_page_is_copied_as_its_tex_once(address, visit, language, page):
    seen = visit()
    seen.tab.goto(f"{address}{language}/{page}.html")
    formulas = seen.tab.evaluate(SELECT, ["article", False])
    forms = seen.tab.evaluate(COPIED)
    assert len(formulas) > 5
    wanted = [bare(written(*formula)) for formula in formulas]
    assert [bare(text) for text in formulas_in(forms["text/plain"])] == wanted
    assert "katex" not in forms["text/html"]
    assert not re.search(r' (?:href|src)="(?!\w+:)', forms["text/html"])
    assert seen.faults == []


def test_a_sentence_keeps_its_words_around_its_formulas(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/nadaraya-watson.html")
    tab.evaluate(SELECT, ["p:has(.katex)", False])
    text = tab.evaluate(COPIED)["text/plain"]
    apart = "p => { p = p.cloneNode(true); p.querySelectorAll('.katex').forEach(it => it.remove());"
    words = tab.locator("p:has(.katex)").first.evaluate(apart + " return p.textContent; }")
    assert bare(re.sub(r"\$.+?\$", "", text)) == bare(words)
    assert "\n" not in text.strip()


def test_a_selection_that_cuts_formulas_takes_them_whole(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/nadaraya-watson.html")
    formulas = tab.evaluate(SELECT, ["p:has(.katex ~ .katex, .maths ~ .maths)", True])
    before = tab.evaluate("getSelection().toString()")
    text = tab.evaluate(COPIED)["text/plain"]
    assert formulas_in(text) == [written(*formula) for formula in formulas]
    assert text.startswith("$") and text.endswith("$")
    assert tab.evaluate("getSelection().toString()") == before  # the reader's selection stays
    assert tab.locator(".copied").count() == 0


def test_equations_stand_in_rows_of_their_own_with_their_numbers(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/nadaraya-watson.html")
    formulas = tab.evaluate(SELECT, ["[id='eq-10.2.3']", False])
    assert [display for _, display in formulas] == [True]
    text = tab.evaluate(COPIED)["text/plain"]
    assert [bare(line) for line in formulas_in(text)] == [bare(written(*formulas[0]))]
    assert text.rstrip().endswith("(10.2.3)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_side_by_side_and_notes_give_tex(address, visit, language):
    tab = visit().tab
    tab.goto(f"{address}{language}/lecture-notes.html?beside")
    tab.locator("article .beside .katex").first.wait_for(state="attached")
    formulas = tab.evaluate(SELECT, ["article", False])
    text = tab.evaluate(COPIED)["text/plain"]
    assert [bare(one) for one in formulas_in(text)] == [bare(written(*one)) for one in formulas]


def test_text_without_formulas_is_left_to_the_browser(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/nadaraya-watson.html")
    tab.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    assert tab.evaluate(COPIED) == {}  # nothing was put there by us: the browser does it later
