"""The box on a page that shows how to cite: texts to copy, and files for reference managers."""

from __future__ import annotations

from collections.abc import Mapping

from ..metadata.citation import Citation
from .page_templates import render


def box(citation: Citation, language: str, *, files: Mapping[str, str]) -> str:
    """The box as HTML that Markdown leaves as it is: one block, no empty lines.

    Parameters
    ----------
    files
        Address, as seen from the page, of each file that holds the citation, by its suffix.
    """
    return render("citation_box.html", language, citation=citation, files=files)
