"""Names of the library in a cell's imports, as links to their entries in the reference."""

from __future__ import annotations

from ..base.errors import PressError
from .page_tree import Page

NAMES = "data-names"


def link_names_of_library(page: Page) -> None:
    """Make a link of the first place of each name that weaving found in the cell.

    Raises
    ------
    PressError
        For a name that the coloured code does not show as one.
    """
    for cell in page.all(f"//div[@{NAMES}]"):
        places = dict(pair.split("=", 1) for pair in cell.attrib.pop(NAMES).split())
        for span in cell.xpath(".//pre//span[@class='n']"):
            if place := places.pop(span.text or "", None):
                span.tag = "a"
                del span.attrib["class"]
                span.set("href", place)
        if places:
            raise PressError(
                f"{page.language}/{page.name} does not show {', '.join(places)} as names",
                mend="look for them in the cell of imports as the generator writes it now",
            )
