"""The table of formats: every kind of file that a figure comes as, and what is done with each.

A new format is a row here, its maker in `make_files`, and its words under ``formats`` in every
language (`words`). Gallery, index, page heads, kits and command line read this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..base.errors import PressError
from ..book.figure_in_book import BookFigure
from ..metadata.page_head import File
from . import make_files
from .make_files import Material


@dataclass(frozen=True)
class Format:
    """A kind of file.

    ``role`` is what the file is for, as the index says it to machines. ``make`` gives its content,
    or None for a figure that has no such file; it sees the files of the rows above its own.
    ``in_caption`` says whether the caption in the chapter links the file.
    """

    media_type: str
    role: str
    make: Callable[[Material], bytes | None]
    in_caption: bool = False

    @property
    def cites(self) -> bool:
        """Whether the file is for reference managers: the box on citing offers it."""
        return self.role == "citation"


# By suffix, in the order in which files are made and listed.
FORMATS = {
    "svg": Format("image/svg+xml", "vector", make_files.svg, in_caption=True),
    "dark.svg": Format("image/svg+xml", "vector for dark slides", make_files.dark_svg),
    "pdf": Format("application/pdf", "print", make_files.pdf, in_caption=True),
    "png": Format("image/png", "bitmap", make_files.png, in_caption=True),
    "csv": Format("text/csv", "data", make_files.csv),
    "pptx": Format(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "slide",
        make_files.pptx,
    ),
    "bib": Format("application/x-bibtex", "citation", make_files.bib),
    "ris": Format("application/x-research-info-systems", "citation", make_files.ris),
    "json": Format("application/vnd.citationstyles.csl+json", "citation", make_files.json),
    "zip": Format("application/zip", "teacher kit", make_files.zip_of_all),
}


def make_all(figure: BookFigure) -> dict[str, bytes]:
    """The content of every file of ``figure``, by suffix, such as ``dark.svg``."""
    material = Material(figure)
    for suffix, kind in FORMATS.items():
        if (content := kind.make(material)) is not None:
            material.files[suffix] = content
    return material.files


def linked(addresses: Mapping[str, str]) -> list[File]:
    """What the head of a page tells of files, given their ``addresses`` by suffix."""
    return [
        File(href, FORMATS[suffix].media_type, describes=FORMATS[suffix].cites)
        for suffix, href in addresses.items()
    ]


def listed(slug: str, names: Sequence[str]) -> dict[str, str]:
    """The suffix of each of ``names``, files of the figure ``slug``, in the order of `FORMATS`.

    Raises
    ------
    PressError
        For a name that is not of the figure, or of no format.
    """
    suffixes = {f"{slug}.{suffix}": suffix for suffix in FORMATS}
    for name in names:
        if name not in suffixes:
            raise PressError(
                f"{name!r} is no file of the figure {slug!r}",
                mend=f"a file is called {slug}.<suffix>, with a suffix of FORMATS in "
                f"handouts/formats.py: {', '.join(FORMATS)}",
            )
    return {name: suffix for name, suffix in suffixes.items() if name in names}
