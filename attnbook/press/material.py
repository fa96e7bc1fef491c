"""What axe-core finds wrong with the markup that Material writes, mended."""

from __future__ import annotations

import re

DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
SEARCH = re.compile(r'<input\b[^>]*class="md-search__input"[^>]*\saria-label="([^"]*)"')


def mended(html: str) -> str:
    """The page ``html`` with a name for the dialog of the search."""
    name = SEARCH.search(html)
    if not name:
        return html
    return html.replace(DIALOG, f'{DIALOG[:-1]} aria-label="{name[1]}">')
