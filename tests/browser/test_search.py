"""Search finds the words of each language, and leads to the section."""

import json
from urllib.parse import unquote, urlsplit

import pytest

from browser.conftest import PATIENCE, arrive, search, until

POOLING = "nadaraya-watson.html#nonparametric-attention-pooling"
BATCHES = "nadaraya-watson.html#batch-matrix-multiplication"
MODEL = "nadaraya-watson.html#defining-the-model"
MAPS = "attention-cues.html#visualising-attention"
BANDWIDTH = "questions.html#q-bandwidth"
CROSS = "nadaraya-watson.html#loss-is-cross-validation"
FORMULA = "nadaraya-watson.html#eq-10.2.6"
GAUSSIAN = "lecture-notes.html#gaussian-is-softmax"
CUP = "figures/gaze-on-the-cup/index.html"

# What one looks for, a place that has to be among the results first seen, and words marked in them.
CASES = [
    # Chinese words, and parts of compounds.
    ("zh", "核回归", "nadaraya-watson.html", {"核回归"}),
    ("zh", "回归", "glossary.html#term-kernel-regression", {"回归"}),
    ("zh", "注意力汇聚", POOLING, {"注意力汇聚"}),
    ("zh", "注意力", "attention-cues.html#attention-is-scarce", {"注意力"}),
    ("zh", "汇聚", POOLING, {"汇聚"}),
    ("zh", "留一", CROSS, {"留一"}),
    ("zh", "带宽", BANDWIDTH, {"带宽"}),
    ("zh", "热图", "figures/identity-heatmap/index.html", {"热图"}),
    ("zh", "键", "glossary.html#term-key", {"键"}),
    # Several words, with and without spaces.
    ("zh", "平均汇聚的误差", "nadaraya-watson.html#average-pooling", {"平均汇聚", "误差"}),
    ("zh", "什么是核回归", "glossary.html#term-kernel-regression", {"核回归"}),
    # English words, and their other forms.
    ("en", "pool", POOLING, {"pooling"}),
    ("en", "pooled", POOLING, {"pooling"}),
    ("en", "queries", "attention-cues.html#queries-keys-and-values", {"queries", "query"}),
    ("en", "query", "lecture-notes.html#query-key-value", {"queries", "query"}),
    ("en", "regress", "nadaraya-watson.html", {"regression"}),
    ("en", "visualize", MAPS, {"visualising"}),
    ("en", "leave one out", CROSS, {"leave", "one", "out"}),
    ("en", "Nadaraya-Watson", "nadaraya-watson.html", {"nadaraya–watson"}),
    ("en", '"average pooling"', "nadaraya-watson.html#average-pooling", {"average pooling"}),
    # Formulas by number and name.
    ("zh", "10.2.6", FORMULA, {"10.2.6"}),
    ("zh", "公式 10.2.6", FORMULA, {"10.2.6"}),
    ("zh", "式（10.2.6）", FORMULA, {"10.2.6"}),
    ("en", "10.2.6", FORMULA, {"10.2.6"}),
    ("en", "equation 10.2.6", FORMULA, {"10.2.6"}),
    ("en", "Eq. (10.2.6)", FORMULA, {"10.2.6"}),
    ("zh", "softmax", "lecture-notes.html#gaussian-is-softmax", {"softmax"}),
    ("en", "softmax", "lecture-notes.html#gaussian-is-softmax", {"softmax"}),
    # Captions, titles and descriptions of figures.
    ("zh", "目光落在红杯子上", CUP, {"目光落在红杯子上"}),
    ("en", "gaze on the red cup", CUP, {"gaze", "red", "cup"}),
    ("zh", "单位矩阵的注意力热图", "figures/identity-heatmap/index.html", {"单位矩阵的注意力热图"}),
    ("en", "The prediction is smooth", POOLING, {"prediction", "smooth"}),
    # Terms, by their name in either language.
    ("zh", "驻点", "glossary.html#term-stationary-point", {"驻点"}),
    ("en", "stationary point", "glossary.html#term-stationary-point", {"stationary", "point"}),
    ("zh", "bandwidth", "glossary.html#term-bandwidth", set()),
    ("en", "注意力汇聚", "glossary.html#term-attention-pooling", set()),
    # Traditional characters, as Taiwan, Hong Kong and Japan write them.
    ("zh", "注意力匯聚", POOLING, {"注意力汇聚"}),
    ("zh", "核迴歸", "nadaraya-watson.html", {"核回归"}),
    ("zh", "核回歸", "nadaraya-watson.html", {"核回归"}),
    ("zh", "為什麼訓練", "nadaraya-watson.html#why-rough", {"为什么训练"}),
    ("zh", "帶寬", BANDWIDTH, {"带宽"}),
    # Other names: Taiwan's, everyday ones, those of other fields.
    ("zh", "頻寬", BANDWIDTH, {"带宽"}),
    ("zh", "频宽", BANDWIDTH, {"带宽"}),
    ("zh", "熱力圖", "glossary.html#term-heat-map", {"热图"}),
    ("zh", "習題", "attention-cues.html#exercises", {"练习"}),
    ("zh", "作业", "attention-cues.html#exercises", {"练习"}),
    ("en", "homework", "attention-cues.html#exercises", {"exercises"}),
    ("en", "dot product", "glossary.html#term-scaled-dot-product-attention", set()),
    ("en", "kernel smoothing", "nadaraya-watson.html", {"kernel regression"}),
    # Greek letters and their names.
    ("zh", "alpha", GAUSSIAN, {"α"}),
    ("zh", "α", GAUSSIAN, {"α"}),
    ("en", "alpha", GAUSSIAN, {"α"}),
    ("en", "𝛼", "nadaraya-watson.html#eq-10.2.4", {"α"}),
    # Names in the code, and their parts.
    *(
        (language, *case)
        for language in ("zh", "en")
        for case in (
            ("NWKernelRegression", MODEL, {"nwkernelregression"}),
            ("KernelRegression", MODEL, {"kernelregression"}),
            ("attention_pooling", "lecture-notes.html#summary", {"attention_pooling"}),
            ("show_heatmaps", MAPS, {"show_heatmaps"}),
            ("heatmaps", MAPS, {"heatmaps"}),
            ("torch.bmm", BATCHES, {"torch.bmm"}),
            ("bmm", BATCHES, {"bmm"}),
            ("unsqueeze", BATCHES, {"unsqueeze"}),
        )
    ),
]
OPENED = "document.getElementById('__search').checked"
# Places as one sees them: neither the page above a section nor what is folded away.
SEEN = """
items => items.slice(0, 3).flatMap(item =>
  [...item.querySelectorAll(":scope > a")].map(link => link.href))
"""


@pytest.fixture(scope="module")
def readers(address, browser):
    """One page in each language, for all queries: as a reader goes on typing."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(1000 * PATIENCE)
    tabs = {}
    for language in ("zh", "en"):
        tabs[language] = context.new_page()
        tabs[language].goto(f"{address}{language}/index.html")
    yield tabs
    context.close()


def results(tab, query: str):
    """The list of results for ``query``, when it is there."""
    search(tab, "")
    tab.locator(".md-search-result__item").first.wait_for(state="detached")
    search(tab, query)
    tab.locator(".md-search-result__item").first.wait_for()
    return tab.locator(".md-search-result__item")


def place(link: str, address: str) -> tuple[str, str]:
    """Language and place that a result leads to."""
    parts = urlsplit(link.removeprefix(address))
    language, _, path = parts.path.partition("/")
    return language, path + (f"#{unquote(parts.fragment)}" if parts.fragment else "")


@pytest.mark.parametrize(("language", "query", "wanted", "words"), CASES)
def test_search_finds(address, readers, language, query, wanted, words):
    items = results(readers[language], query)
    seen = [place(link, address) for link in items.evaluate_all(SEEN)]
    assert (language, wanted) in seen
    marked = {mark.lower() for mark in items.locator("mark").all_text_contents()}
    assert words <= marked


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("query", ["注意力", "attention", "kernel", "10.2"])
def test_search_finds_pages_of_its_language_only(address, readers, language, query):
    items = results(readers[language], query)
    links = items.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert links
    assert {place(link, address)[0] for link in links} == {language}
    assert not [link for link in links if "/notebooks/" in link]


@pytest.mark.parametrize(
    ("language", "query"),
    [("zh", "Grundgesetz"), ("zh", "量子纠缠"), ("en", "Grundgesetz"), ("en", "10.2.99")],
)
def test_search_does_not_find_what_is_not_there(readers, language, query):
    tab = readers[language]
    told = "document.querySelector('.md-search-result__meta').textContent"
    # What was told of another query has to go first.
    search(tab, "")
    until(tab, f"{told}.match(/键入以开始|Type to start/)")
    search(tab, query)
    until(tab, f"{told}.match(/没有找到|No match/)")
    assert tab.locator(".md-search-result__item").count() == 0


@pytest.mark.parametrize(
    ("language", "query", "missing"),
    [("zh", "量子核回归", "量子"), ("en", "quantum bmm", "quantum")],
)
def test_a_result_says_which_word_is_missing(readers, language, query, missing):
    items = results(readers[language], query)
    assert items.locator("del").first.text_content() == missing


def test_every_section_in_the_index_can_be_found_by_its_title(site, readers):
    for language, tab in readers.items():
        text = (site / language / "search" / "sections.js").read_text("utf-8")
        entries = json.loads(text.partition("=")[2].rstrip("; \n"))["sections"]
        results(tab, "kernel")
        lost = tab.evaluate(
            """titles => { const find = attnFind(attnIndex);
            return titles.filter(([place, title]) => !find(title).flat().some(
                ({ location }) => location === place)) }""",
            [[entry["location"], entry["title"]] for entry in entries],
        )
        assert len(entries) > 100
        assert lost == []


def test_every_question_is_found_by_its_own_wording(site, readers):
    for language, tab in readers.items():
        text = (site / language / "search" / "sections.js").read_text("utf-8")
        entries = json.loads(text.partition("=")[2].rstrip("; \n"))["sections"]
        asked = [
            (entry["location"], entry["title"])
            for entry in entries
            if entry["location"].startswith("questions.html#q-")
        ]
        assert len(asked) >= 25
        results(tab, "kernel")
        lost = tab.evaluate(
            """asked => { const find = attnFind(attnIndex);
            return asked.filter(([place, title]) => !find(title).slice(0, 3).flat().some(
                ({ location }) => location === place)) }""",
            asked,
        )
        assert lost == []


@pytest.mark.parametrize(("language", "query"), [("zh", "公式 10.2.6"), ("en", "eq 10.2.6")])
def test_a_result_leads_to_the_section(address, visit, language, query):
    tab = visit().tab
    tab.goto(f"{address}{language}/index.html")
    results(tab, query).locator("a[href$='#eq-10.2.6']").click()
    tab.wait_for_url("**/nadaraya-watson.html**")
    assert urlsplit(tab.url).fragment == "eq-10.2.6"
    until(tab, "scrollY > 500")
    arrive(tab, "eq-10.2.6")


def test_words_are_marked_on_the_page_found(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/index.html")
    results(tab, "留一交叉验证").locator("a", has_text="训练损失就是").click()
    tab.wait_for_url("**/nadaraya-watson.html**")
    marks = tab.locator("article mark")
    marks.first.wait_for()
    assert set(marks.all_text_contents()) == {"留一交叉验证"}


@pytest.mark.parametrize("key", ["Control+k", "Meta+k"])
def test_the_search_by_keyboard(address, visit, key):
    tab = visit().tab
    tab.goto(f"{address}en/nadaraya-watson.html")
    field = tab.get_by_role("textbox")
    link = tab.locator("article a[href*='attention-cues']").first
    link.focus()
    tab.keyboard.press(key)
    focused = "element => element === document.activeElement"
    assert field.evaluate(focused)
    assert field.input_value() == ""
    until(tab, OPENED)  # a moment after the field has the focus
    # Escape closes it, and one goes on where one was.
    tab.keyboard.press("Escape")
    until(tab, f"!{OPENED}")
    until(tab, "document.activeElement.matches('article a')")
    assert link.evaluate(focused)
    # Arrows go through the results, Enter follows one.
    tab.keyboard.press(key)
    assert field.evaluate(focused)
    search(tab, "torch.bmm")  # at once: results for each letter would take the focus away
    links = tab.locator(".md-search-result__item a")
    links.first.wait_for()
    until(tab, OPENED)
    tab.keyboard.press("ArrowDown")
    assert links.nth(0).evaluate(focused)
    tab.keyboard.press("ArrowDown")
    assert links.nth(1).evaluate(focused)
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("ArrowUp")
    assert field.evaluate(focused)
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#batch-matrix-multiplication")
    until(tab, f"!{OPENED}")


def test_enter_in_the_field_follows_the_best_result(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/index.html")
    tab.keyboard.press("/")
    search(tab, "torch.bmm")
    tab.locator(".md-search-result__item a").first.wait_for()
    until(tab, OPENED)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/zh/nadaraya-watson.html**#batch-matrix-multiplication")


def test_a_query_in_the_address_is_searched_for(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/index.html?q=bandwidth")
    tab.locator(".md-search-result__item mark", has_text="bandwidth").first.wait_for()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_loaded_before_a_search_begins(address, visit, language):
    reader = visit()
    reader.tab.goto(f"{address}{language}/nadaraya-watson.html")
    reader.tab.wait_for_load_state("networkidle")
    parts = ("sections.js", "find.js")
    assert not [url for url in reader.requests if url.endswith(parts)]
    size = reader.tab.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => /search/.test(name))"
        ".reduce((sum, { transferSize }) => sum + transferSize, 0)"
    )
    assert 0 < size < 8_000  # as it is, before a server compresses it
    results(reader.tab, "kernel")
    assert len([url for url in reader.requests if url.endswith(parts)]) == 2
    assert reader.complaints == []


@pytest.mark.parametrize(("language", "words"), [("zh", "无法载入"), ("en", "could not be loaded")])
def test_a_search_that_cannot_load_says_so_and_can_be_tried_again(address, visit, language, words):
    tab = visit().tab
    tab.goto(f"{address}{language}/index.html")
    tab.route("**/search/sections.js", lambda route: route.abort())
    search(tab, "kernel")
    tab.locator(".md-search-result__meta", has_text=words).wait_for()
    tab.unroute("**/search/sections.js")
    search(tab, "kernels")
    tab.locator(".md-search-result__item").first.wait_for()


def test_what_is_pasted_or_dictated_is_looked_for(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/index.html")
    tab.get_by_role("textbox").focus()
    tab.keyboard.insert_text("saliency")  # without a key that goes down or comes up
    tab.locator(".md-search-result__item").first.wait_for()


COUNT = """
() => {
  globalThis.looked = 0;
  new MutationObserver(() => { looked += 1; })
    .observe(document.querySelector(".md-search-result"), { childList: true, subtree: true });
}
"""
SHOWN = "document.querySelectorAll('.md-search-result__item').length"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_looked_for_while_an_input_method_composes(address, visit, language):
    tab = visit().tab
    tab.goto(f"{address}{language}/index.html")
    results(tab, "softmax")
    tab.get_by_role("textbox").fill("")
    tab.locator(".md-search-result__item").first.wait_for(state="detached")
    tab.evaluate(COUNT)
    typed = tab.context.new_cdp_session(tab)
    for text in ("h", "he", "he hui", "he hui gui"):
        ends = {"selectionStart": len(text), "selectionEnd": len(text)}
        typed.send("Input.imeSetComposition", {"text": text, **ends})
        for kind in ("rawKeyDown", "keyUp"):
            key = {"type": kind, "key": "Process", "windowsVirtualKeyCode": 229}
            typed.send("Input.dispatchKeyEvent", key)
    tab.wait_for_timeout(300)  # nothing is what it waits for
    assert tab.evaluate("looked") == 0
    typed.send("Input.insertText", {"text": "核回归"})  # the reader has chosen
    tab.locator(".md-search-result__item").first.wait_for()
    assert tab.get_by_role("textbox").input_value() == "核回归"


# What browsers report when Enter confirms a composition. Safari's key comes after its end.
ENTER = '{ key: "Enter", keyCode: 229, bubbles: true, cancelable: true'
ORDERS = {
    "Chromium, Firefox": f"""
      field.dispatchEvent(new KeyboardEvent("keydown", {ENTER}, isComposing: true }}));
      field.dispatchEvent(new CompositionEvent("compositionend", {{ bubbles: true }}));""",
    "Safari": f"""
      field.dispatchEvent(new CompositionEvent("compositionend", {{ bubbles: true }}));
      field.dispatchEvent(new KeyboardEvent("keydown", {ENTER} }}));""",
}


@pytest.mark.parametrize("order", ORDERS)
def test_the_key_that_confirms_a_composition_follows_no_result(address, visit, order):
    tab = visit().tab
    tab.goto(f"{address}zh/index.html")
    results(tab, "核回归")
    here = tab.url
    tab.evaluate(
        """() => {
          const field = document.querySelector("[data-md-component=search-query]");
          field.focus();
          field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));"""
        + ORDERS[order]
        + "}"
    )
    tab.wait_for_timeout(300)
    assert tab.url == here
    assert tab.evaluate(f"{OPENED} && {SHOWN} > 0")
    tab.get_by_role("textbox").focus()
    tab.keyboard.press("Enter")  # and this one does
    tab.wait_for_url("**/zh/glossary.html**")


def test_a_phone_looks_for_english_words_from_the_first_letter_on(address, visit):
    tab = visit(width=390, has_touch=True, is_mobile=True).tab
    tab.goto(f"{address}en/index.html")
    tab.locator("header [for=__search]").first.click()
    typed = tab.context.new_cdp_session(tab)
    typed.send("Input.imeSetComposition", {"text": "pooli", "selectionStart": 5, "selectionEnd": 5})
    tab.locator(".md-search-result__item").first.wait_for()


@pytest.mark.parametrize("by", ["click", "Enter"])
def test_back_from_a_result_finds_the_query_again(address, visit, by):
    tab = visit().tab
    tab.goto(f"{address}en/attention-cues.html#exercises")
    items = results(tab, "kernel regression")
    count = items.count()
    until(tab, OPENED)
    if by == "click":
        items.locator("a").first.click()
    else:
        tab.get_by_role("textbox").press("Enter")
    tab.wait_for_url(lambda url: "attention-cues" not in url)
    tab.go_back()
    tab.wait_for_url("**/attention-cues.html?q=kernel+regression#exercises")
    tab.locator(".md-search-result__item").first.wait_for()
    assert tab.get_by_role("textbox").input_value() == "kernel regression"
    assert tab.locator(".md-search-result__item").count() == count
    until(tab, OPENED)
    tab.keyboard.press("Escape")  # whoever has done with it has done with it
    until(tab, f"!{OPENED}")
    until(tab, "!location.search")
    assert tab.url.endswith("/attention-cues.html#exercises")
