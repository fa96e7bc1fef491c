"""What a page tells the sites that show a preview of it: Open Graph, and the cards of X."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from ..metadata.page_head import escape
from ..pages import preview_cards
from ..words.load import WORDS

TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.DOTALL)
DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)"')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)"')
END = "</title>"


def told(html: str, *, page: str, language: str, stage: Path) -> str:
    """The page ``html`` with a preview of itself in its head.

    Parameters
    ----------
    page
        Its address in the folder ``stage``, which has the cards where the site has an address:
        a card cannot be named by a relative one.
    """
    title, description = TITLE.search(html), DESCRIPTION.search(html)
    if not title or not description:
        return html
    book = WORDS[language].book
    name = unescape(title[1]).removesuffix(f" - {book}")
    properties = {
        "og:type": "book" if page == "index.md" else "article",
        "og:site_name": book,
        "og:title": name,
        "og:description": unescape(description[1]),
        "og:locale": WORDS[language].locale.replace("-", "_"),
    }
    canonical = CANONICAL.search(html)
    own = [
        card
        for card in (preview_cards.name(page), preview_cards.name("index.md"))
        if (stage / card).is_file()
    ]
    if canonical and own:
        address = unescape(canonical[1])
        properties |= {
            "og:url": address,
            "og:image": f"{address.partition(f'/{language}/')[0]}/{language}/{own[0]}",
            "og:image:width": str(preview_cards.WIDTH),
            "og:image:height": str(preview_cards.HEIGHT),
            "og:image:alt": name,
        }
    tags = [
        f'<meta property="{key}" content="{escape(value)}">' for key, value in properties.items()
    ]
    kind = "summary_large_image" if "og:image" in properties else "summary"
    tags.append(f'<meta name="twitter:card" content="{kind}">')
    return html.replace(END, "\n".join([END, *tags]), 1)
