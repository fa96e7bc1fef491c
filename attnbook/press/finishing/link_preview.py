"""What a page tells the sites that show a preview of it: Open Graph, and the cards of X."""

from __future__ import annotations

from ..pages import preview_cards
from ..words.load import WORDS
from .page_tree import Page, new


def drop_address_of_local_copy(page: Page) -> None:
    """Remove the address that a generator makes up where the site's is not known."""
    if not page.address:
        for canonical in page.all("//head/link[@rel='canonical']"):
            canonical.drop_tree()


def name_folders(page: Page) -> None:
    """Let the page of a folder have the address of the folder: one page, one address.

    Permanent links, citations and the index of figures name it so, too.
    """
    for link in page.all("//head/link[@rel='canonical' or @hreflang]"):
        address = link.get("href")
        if "://" in address and address.endswith("/index.html"):
            link.set("href", address.removesuffix("index.html"))


def describe_for_previews(page: Page) -> None:
    """Say after the page's title what a preview of it shows.

    The stage has the cards where the site has an address: a card cannot be named by a relative one.
    """
    title = page.the("//head/title", "a title")
    name = title.text_content().strip().removesuffix(f" - {page.book}")
    description = page.the("//head/meta[@name='description']", "a description")
    is_home = page.name == "index.html"
    properties = {
        "og:type": "book" if is_home else "article",
        "og:site_name": page.book,
        "og:title": name,
        "og:description": description.get("content"),
        "og:locale": WORDS[page.language].locale.replace("-", "_"),
    }
    canonical = page.first("//head/link[@rel='canonical']")
    cards = [
        card
        for card in (preview_cards.name(page.name), preview_cards.name("index.html"))
        if (page.stage / card).is_file()
    ]
    if canonical is not None and cards:
        address = canonical.get("href")
        root = address.partition(f"/{page.language}/")[0]
        properties |= {
            "og:url": address,
            "og:image": f"{root}/{page.language}/{cards[0]}",
            "og:image:width": str(preview_cards.WIDTH),
            "og:image:height": str(preview_cards.HEIGHT),
            "og:image:alt": name,
        }
    tags = [new("meta", {"property": key, "content": value}) for key, value in properties.items()]
    kind = "summary_large_image" if "og:image" in properties else "summary"
    tags.append(new("meta", {"name": "twitter:card", "content": kind}))
    for tag in tags:
        tag.tail = "\n"
    tags[-1].tail, title.tail = title.tail, "\n"
    for tag in reversed(tags):
        parent = title.getparent()
        parent.insert(parent.index(title) + 1, tag)
