"""Going from one language to the other, and the choice that is remembered."""

from browser.conftest import arrive

CHAPTER = "nadaraya-watson.html"


def test_the_switch_stays_on_the_page_there_and_back(address, pages, visit):
    tab = visit().tab
    chinese = [page.removeprefix("zh/") for page in pages if page.startswith("zh/")]
    assert chinese
    for page in chinese:
        tab.goto(f"{address}zh/{page}", wait_until="domcontentloaded")
        for language in ("en", "zh"):
            tab.locator("a.attn-language").click(no_wait_after=True)
            # There are many pages, and their pictures do not matter here.
            tab.wait_for_url(f"{address}{language}/{page}", wait_until="domcontentloaded")


def test_the_switch_keeps_the_anchor_in_the_address(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/{CHAPTER}")
    anchor = tab.locator("article h2[id]").last.get_attribute("id")
    tab.goto(f"{address}zh/{CHAPTER}#{anchor}")
    tab.locator("a.attn-language").click()
    tab.wait_for_url(f"{address}en/{CHAPTER}#{anchor}")
    arrive(tab, anchor)


def test_the_switch_leads_to_the_section_being_read(address, visit):
    tab = visit(height=500).tab
    tab.goto(f"{address}en/{CHAPTER}")
    heading = tab.locator("article h2[id]").nth(1)
    name = heading.get_attribute("id")
    heading.evaluate("heading => scrollTo(0, heading.offsetTop - 80)")
    tab.locator("a.attn-language").click()
    tab.wait_for_url(f"{address}zh/{CHAPTER}#{name}", wait_until="commit")


def test_the_switch_is_a_plain_link(address, visit):
    tab = visit(java_script_enabled=False).tab
    tab.goto(f"{address}zh/{CHAPTER}")
    tab.locator("a.attn-language").click()
    tab.wait_for_url(f"{address}en/{CHAPTER}")


def test_the_root_offers_both_languages(address, visit):
    tab = visit(java_script_enabled=False).tab
    for name, language in (("中文", "zh"), ("English", "en")):
        tab.goto(address)
        tab.get_by_role("link", name=name).click()
        tab.wait_for_url(f"{address}{language}/index.html")
        assert tab.locator("html").get_attribute("lang").startswith(language)


def test_the_root_remembers_the_language_chosen_there(address, visit):
    tab = visit().tab
    tab.goto(address)
    assert tab.url == address
    tab.get_by_role("link", name="English").click()
    tab.wait_for_url(f"{address}en/index.html")
    tab.goto(address)
    tab.wait_for_url(f"{address}en/index.html")


def test_the_root_remembers_the_language_switched_to(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/{CHAPTER}")
    tab.locator("a.attn-language").click()
    tab.wait_for_url(f"{address}zh/{CHAPTER}")
    tab.goto(address)
    tab.wait_for_url(f"{address}zh/index.html")
    tab.goto(f"{address}#languages")
    assert tab.get_by_role("link", name="English").is_visible()
