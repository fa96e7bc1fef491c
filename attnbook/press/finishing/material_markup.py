"""What axe-core and Firefox find wrong with the markup that Material writes, mended."""

from __future__ import annotations

import re

DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
# Firefox fetches the next chapter unasked, which costs a reader's line, and complains where the
# page's policy does not let it.
NEXT = re.compile(r'\s*<link rel="next" href="[^"]*">')
SEARCH = re.compile(r'<input\b[^>]*class="md-search__input"[^>]*\saria-label="([^"]*)"')


def mended(html: str) -> str:
    """The page ``html`` with a name for the dialog of the search, and nothing to fetch ahead."""
    html = NEXT.sub("", html, count=1)
    name = SEARCH.search(html)
    if not name:
        return html
    return html.replace(DIALOG, f'{DIALOG[:-1]} aria-label="{name[1]}">')
