"""The gallery of figures, and the page that every figure has."""

from collections import Counter

import pytest

from browser.conftest import arrive, until

CARDS = "ul.gallery > li.gallery-card"
LANGUAGES = ("zh", "en")


def of_all_cards(tab, name: str) -> list[str]:
    return tab.locator(CARDS).evaluate_all(f"cards => cards.map(card => card.dataset.{name})")


def shown(tab) -> list[tuple[str, str]]:
    """Chapter and kind of every card that a reader sees."""
    return [
        (card.get_attribute("data-chapter"), card.get_attribute("data-kind"))
        for card in tab.locator(f"{CARDS}:visible").all()
    ]


@pytest.fixture
def gallery(address, visit):
    tab = visit().tab
    tab.goto(f"{address}en/figures/index.html")
    return tab


@pytest.fixture(params=LANGUAGES)
def figure_pages(request, pages) -> list[str]:
    """The pages of all figures, in one language."""
    found = [page for page in pages if page.startswith(f"{request.param}/figures/")]
    found.remove(f"{request.param}/figures/index.html")
    assert len(found) > 4
    return found


@pytest.mark.parametrize("name", ["chapter", "kind"])
def test_the_gallery_shows_one_chapter_or_one_kind(gallery, name):
    wanted = Counter(of_all_cards(gallery, name))
    assert len(wanted) > 1
    total = sum(wanted.values())
    choice = gallery.locator(f"form.gallery-filter select[name={name}]")
    for value, count in wanted.items():
        choice.select_option(value)
        seen = shown(gallery)
        assert {chapter if name == "chapter" else kind for chapter, kind in seen} == {value}
        assert len(seen) == count
        assert gallery.get_by_role("status").inner_text() == f"{count} of {total} figures"
    choice.select_option("")
    assert len(shown(gallery)) == total


def test_the_gallery_shows_what_is_of_one_chapter_and_of_one_kind(gallery):
    cards = Counter(
        zip(of_all_cards(gallery, "chapter"), of_all_cards(gallery, "kind"), strict=True)
    )
    for chapter in {chapter for chapter, _ in cards}:
        for kind in {kind for _, kind in cards}:
            gallery.get_by_label("Chapter").select_option(chapter)
            gallery.get_by_label("Kind").select_option(kind)
            # No figure of this kind in this chapter is an answer, too.
            assert shown(gallery) == [(chapter, kind)] * cards[chapter, kind]
            told = gallery.get_by_role("status").inner_text()
            assert told == f"{cards[chapter, kind]} of {cards.total()} figures"


def test_the_filter_works_by_keys(gallery):
    for _ in range(40):
        gallery.keyboard.press("Tab")
        if gallery.evaluate("document.activeElement.name") == "kind":
            break
    gallery.keyboard.press("ArrowDown")
    chosen = gallery.get_by_label("Kind").input_value()
    assert chosen
    assert {kind for _, kind in shown(gallery)} == {chosen}


def test_the_address_remembers_the_filter_in_both_languages(gallery, address, visit):
    chapter, kind = shown(gallery)[-1]
    gallery.get_by_label("Chapter").select_option(chapter)
    gallery.get_by_label("Kind").select_option(kind)
    seen = shown(gallery)
    other = visit().tab
    other.goto(gallery.evaluate("location.href"))
    assert shown(other) == seen
    other.locator("a.attn-language").click()
    other.wait_for_url(f"{address}zh/figures/index.html#*")
    assert set(shown(other)) == {(chapter, kind)}
    other.goto(f"{address}zh/figures/index.html#chapter=none-of-the-book")
    until(other, f"[...document.querySelectorAll('{CARDS}')].every((card) => !card.hidden)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_all_cards_are_there_and_nothing_to_filter_with(address, visit, language):
    tab = visit(java_script_enabled=False).tab
    tab.goto(f"{address}{language}/figures/index.html")
    cards = tab.locator(CARDS)
    assert cards.count() == tab.locator(f"{CARDS}:visible").count() > 4
    assert not tab.locator("form.gallery-filter").is_visible()


def test_each_card_leads_to_the_page_of_its_figure(address, visit, figure_pages):
    tab = visit().tab
    tab.goto(f"{address}{figure_pages[0].split('/')[0]}/figures/index.html")
    cards = {
        card.get_by_role("link").evaluate("link => link.href"): (
            card.locator("img").evaluate("image => image.src"),
            card.locator(".gallery-title").inner_text(),
        )
        for card in tab.locator(CARDS).all()
    }
    assert len(cards) == len(figure_pages)
    for link, (thumbnail, title) in cards.items():
        tab.goto(link, wait_until="domcontentloaded")
        assert tab.locator("figure.figure img").evaluate("image => image.src") == thumbnail
        assert tab.locator("article h1").inner_text().removesuffix("#").strip() == title


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "columns"), [(360, {1}), (1280, {2, 3})])
def test_thumbnails_stand_on_paper_in_an_even_grid(address, visit, scheme, width, columns):
    tab = visit(width=width, color_scheme=scheme).tab
    tab.goto(f"{address}zh/figures/index.html")
    images = tab.locator(f"{CARDS} img").all()
    colours = {
        image.evaluate("image => getComputedStyle(image).backgroundColor") for image in images
    }
    assert colours == {{"light": "rgb(255, 255, 255)", "dark": "rgb(23, 25, 29)"}[scheme]}
    boxes = [image.bounding_box() for image in images]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    assert len({round(box["x"]) for box in boxes}) in columns


def test_the_switch_stays_on_the_figure(address, visit, figure_pages):
    tab = visit().tab
    page = figure_pages[0]
    language, rest = page.split("/", 1)
    other = "en" if language == "zh" else "zh"
    tab.goto(address + page)
    figure = tab.locator("figure.figure").get_attribute("id")
    tab.locator("a.attn-language").click()
    tab.wait_for_url(f"{address}{other}/{rest}")
    assert tab.locator("figure.figure").get_attribute("id") == figure


def test_all_files_of_a_figure_can_be_downloaded(address, visit, figure_pages):
    starts = {
        "svg": b"<?xml",
        "dark.svg": b"<?xml",
        "pdf": b"%PDF-",
        "png": b"\x89PNG",
        "csv": b"\xef\xbb\xbf",
        "pptx": b"PK",
        "zip": b"PK",
    }
    reader = visit()
    kinds = Counter()
    for page in figure_pages:
        reader.tab.goto(address + page, wait_until="domcontentloaded")
        links = reader.tab.locator(".figure-downloads a").evaluate_all(
            "links => links.map(a => [a.href, a.offsetHeight])"
        )
        for link, height in links:
            kind = link.rpartition("/")[2].partition(".")[2]
            assert height >= 24
            answer = reader.context.request.get(link)
            assert answer.status == 200
            assert answer.body().startswith(starts[kind])
            kinds[kind] += 1
    assert len(figure_pages) >= kinds.pop("csv") > 0  # a diagram shows no data
    assert kinds == dict.fromkeys(starts.keys() - {"csv"}, len(figure_pages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_of_a_chapter_leads_to_its_page_and_back(address, visit, language):
    tab = visit(width=360, height=740).tab
    tab.goto(f"{address}{language}/nadaraya-watson.html")
    figure = tab.locator("article figure.figure").nth(1)
    name = figure.get_attribute("id")
    figure.locator(".figure-files a").first.click()
    tab.wait_for_url(f"{address}{language}/figures/{name.removeprefix('fig-')}/index.html")
    assert tab.locator("figure.figure").get_attribute("id") == name
    tab.locator(f"article > p a[href$='#{name}']").click()
    tab.wait_for_url(f"{address}{language}/nadaraya-watson.html#{name}")
    arrive(tab, name)


def test_data_that_do_not_fit_scroll_in_their_own_box_by_keys(address, visit, figure_pages):
    tab = visit(width=360, height=740).tab
    scrolled = 0
    for page in figure_pages:
        tab.goto(address + page)
        for box in tab.locator(".figure-data").all():
            sideways = "box => box.scrollWidth - box.clientWidth"
            assert box.evaluate("box => getComputedStyle(box).overflowX") == "auto"
            if box.evaluate(sideways) < 10:
                continue
            box.focus()
            tab.keyboard.press("ArrowRight")
            handle = box.element_handle()
            until(tab, "box => box.scrollLeft > 0", arg=handle)
            scrolled += 1
    assert scrolled
