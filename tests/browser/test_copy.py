"""Code is copied by a button of its own."""

import pytest

from browser.conftest import until

WORDS = {"zh": "已复制代码", "en": "Code copied"}
PASTED = "() => navigator.clipboard.readText()"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_button_copies_the_code_and_says_so(address, visit, language):
    seen = visit()
    seen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = seen.tab
    tab.goto(f"{address}{language}/nadaraya-watson.html")
    block = tab.locator("#cell-generate-data .highlight").first
    block.scroll_into_view_if_needed()
    button = block.locator("button.code-copy")
    # It is taken back after a while, which may be over before this looks.
    block.locator(".code-copy-status").evaluate(
        """status => {
          globalThis.said = [];
          const watch = new MutationObserver(() => said.push(status.textContent));
          watch.observe(status, { childList: true });
        }"""
    )
    button.focus()
    tab.keyboard.press("Enter")
    until(tab, "words => said.includes(words)", WORDS[language])
    assert tab.evaluate(PASTED) == block.locator("code").inner_text().rstrip()
    assert button.get_attribute("aria-label")
    assert seen.complaints == []


def test_outputs_have_no_button_and_far_blocks_wait(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/nadaraya-watson.html")
    tab.locator(".code-copy").first.wait_for(state="attached")
    assert tab.locator(".code-copy").count() < tab.locator(".highlight:not(.output)").count()
    tab.locator(".output").first.scroll_into_view_if_needed()
    last = tab.locator("article > .cell > .highlight:not(.output)").last
    last.scroll_into_view_if_needed()
    last.locator(".code-copy").wait_for()
    assert tab.locator(".output .code-copy").count() == 0


# At 200 % a window of 1280 pixels has room for 640; and fingers, not only mice.
@pytest.mark.parametrize(("width", "touch"), [(640, False), (360, True), (820, True)])
def test_the_button_is_there_on_small_screens_and_covers_no_code(address, visit, width, touch):
    tab = visit(width=width, has_touch=touch, is_mobile=touch).tab
    tab.goto(f"{address}en/nadaraya-watson.html")
    block = tab.locator("#cell-generate-data .highlight").first
    block.scroll_into_view_if_needed()
    button = block.locator(".code-copy")
    button.wait_for()
    box = button.bounding_box()
    assert box["width"] >= 24 and box["height"] >= 24
    first_line = block.locator("code").evaluate(
        """code => {
          const range = document.createRange();
          range.selectNodeContents(code);
          const { top, right } = range.getClientRects()[0];
          return [top, right];
        }"""
    )
    assert box["y"] + box["height"] <= first_line[0] + 2 or box["x"] >= first_line[1]
