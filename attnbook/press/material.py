"""What axe-core finds wrong with the markup that Material writes and its script adds, mended."""

from __future__ import annotations

import re
from pathlib import Path

from .errors import PressError

DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
SEARCH = re.compile(r'<input\b[^>]*class="md-search__input"[^>]*\saria-label="([^"]*)"')
# A landmark of its own around every button that copies code: a page has forty of them.
LANDMARK = '("nav",{class:"md-code__nav"})'
BOX = '("div",{class:"md-code__nav"})'


def mended(html: str) -> str:
    """The page ``html`` with a name for the dialog of the search."""
    name = SEARCH.search(html)
    if not name:
        return html
    return html.replace(DIALOG, f'{DIALOG[:-1]} aria-label="{name[1]}">')


def mend_script(script: Path) -> None:
    """Take the landmarks out of Material's ``script``.

    Raises
    ------
    PressError
        If the script is not the one that this module knows.
    """
    text = script.read_text("utf-8")
    if BOX in text:
        return
    if text.count(LANDMARK) != 1:
        raise PressError(
            f"{script.name} of Material does not say {LANDMARK} once, where it adds a button",
            path=__file__,
            mend="look whether axe-core complains of landmark-unique without this mend; "
            "then drop it, else adapt it to this version of Material",
        )
    script.write_text(text.replace(LANDMARK, BOX), "utf-8")
