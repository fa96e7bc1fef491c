"""The pages at the root of the site: the choice of a language, and where there is no page.

Both are templates of the book's theme and need nothing beside themselves: styles, script and
picture are inside.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Template

from ..base import author_files
from ..base.errors import PressError
from ..base.imprint import Imprint
from ..base.ornament import KEYS, QUERIES, weight
from ..base.templates import templates
from ..words.load import WORDS


def root_page(theme: Path, imprint: Imprint) -> str:
    """``root.html`` of ``theme``, which leads to the languages.

    Search engines are told where it and the languages are, if the site's address is known: they
    take no relative addresses.
    """
    weights = [[weight(row, key) for key in range(KEYS)] for row in range(QUERIES)]
    template = _template(theme, "root.html")
    return (
        template.render(
            address=imprint.address,
            languages=WORDS,
            titles=imprint.titles,
            descriptions=imprint.descriptions,
            weights=weights,
        )
        + "\n"
    )


def lost_page(theme: Path, imprint: Imprint) -> str:
    """``lost.html`` of ``theme``: what a server shows for an address without a page.

    It is shown at any depth, so its links begin at the server's root; where the site's address is
    not known, the site is taken to lie there.
    """
    root = urlsplit(imprint.address).path.rstrip("/") + "/"
    template = _template(theme, "lost.html")
    return template.render(root=root, languages=WORDS, titles=imprint.titles) + "\n"


def _template(theme: Path, name: str) -> Template:
    path = theme / name
    try:
        author_files.read(path)  # its mistakes are told better here than by Jinja
    except FileNotFoundError:
        raise PressError(
            "the theme has no such template", path=path, mend="write it, or take it back from git"
        ) from None
    return templates(theme).get_template(name)
