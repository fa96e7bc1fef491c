"""What axe-core, the Nu checker and Firefox find wrong with Material's markup, mended."""

from __future__ import annotations

from .page_tree import Page, is_of_class


def fetch_nothing_ahead(page: Page) -> None:
    """Remove the link to the next chapter from the head; the last one has none.

    Firefox fetches it unasked, which costs a reader's line, and complains where the page's policy
    does not let it.
    """
    for link in page.all("//head/link[@rel='next']"):
        link.drop_tree()


def name_search_dialog(page: Page) -> None:
    """Name the dialog of the search, where the theme has one, as its field is named."""
    if not page.has_search:
        return
    field = page.the(f"//input[{is_of_class('md-search__input')}]", "the field of the search")
    dialog = page.the("//div[@data-md-component='search']", "the dialog of the search")
    dialog.set("aria-label", field.get("aria-label"))


def drop_autocomplete_of_switches(page: Page) -> None:
    """Remove ``autocomplete`` from the switches of menu and search: HTML has it for fields only.

    Material keeps Firefox by it from opening them again on a page that is loaded once more;
    search.js does so for all browsers.
    """
    for switch in page.all("//input[@type='checkbox'][@autocomplete]"):
        del switch.attrib["autocomplete"]


def drop_empty_tabindex(page: Page) -> None:
    """Remove ``tabindex=""`` from the labels of sections, which are not to be focused."""
    for element in page.all("//*[@tabindex='']"):
        del element.attrib["tabindex"]


def drop_label_of_missing_toggle(page: Page) -> None:
    """Let no label name the toggle of the table of contents where there is none.

    Pages of figures are not in the navigation, which has the toggle.
    """
    if page.first("//*[@id='__toc']") is None:
        for label in page.all("//*[@for='__toc']"):
            del label.attrib["for"]


def defer_bundle(page: Page) -> None:
    """Let Material's script come after the text, which need not wait for it."""
    for script in page.all("//script[contains(@src, 'bundle.')]"):
        script.set("defer")
