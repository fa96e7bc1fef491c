"""The book in one file: the built site as a zip archive that is read from a disk."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from ..base import zip_archive
from ..base.errors import PressError, short_path
from ..handouts import figure_index, research_object
from ..site import search_index
from ..words.load import WORDS

NAME = "{package}-{version}-offline.zip"
# Only servers and makers of the site have a use for these; a hidden folder was left half-way.
LEFT_OUT = re.compile(r"(^|/)(404\.html|sitemap\.xml(\.gz)?)$|(^|/)\.")
FONTS = re.compile(r"src:(?P<sources>[^;}]*url\([^;}]*)")
FONT = re.compile(r"""url\(["']?(?P<address>[^"')]+\.woff2)["']?\)""")
README = "README.txt"


def pack(site: Path) -> tuple[str, bytes]:
    """The name and content of the archive of the built ``site``.

    The same site gives the same bytes. All lies in one folder, named like the archive.

    Raises
    ------
    PressError
        If there is no complete site at ``site``.
    """
    missing = [name for name in _needed() if not (site / name).is_file()]
    if missing:
        raise PressError(
            f"there is no built site at {short_path(site)}/ to make an archive of: "
            f"it has no {missing[0]}",
            mend="build it first: nox -s build",
        )
    books = {language: index["book"] for language, index in figure_index.load(site).items()}
    first = next(iter(books.values()))
    name = NAME.format(package=first["package"], version=first["version"])
    folder = name.removesuffix(".zip")
    texts = [
        WORDS[language].paper.offline.format(book=book["title"], version=book["version"])
        for language, book in books.items()
    ]
    files = {f"{folder}/{README}": "\n".join(texts).encode()}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        address = path.relative_to(site).as_posix()
        if not LEFT_OUT.search(address):
            files[f"{folder}/{address}"] = _content(path)
    return name, zip_archive.pack(files)


def _needed() -> list[str]:
    inner = ("index.html", search_index.INDEX)
    return [
        "index.html",
        research_object.NAME,
        *(f"{code}/{page}" for code in WORDS for page in inner),
    ]


def _content(path: Path) -> bytes:
    """What the archive holds of a file: style sheets carry their fonts.

    Firefox takes every file of a disk for a site of its own, and lets none use another's fonts.
    """
    content = path.read_bytes()
    if path.suffix != ".css" or b".woff2" not in content:
        return content

    def inlined(match: re.Match[str]) -> str:
        font = FONT.search(match["sources"])
        file = path.parent / font["address"] if font else None
        if file is None or not file.is_file():
            return match[0]
        data = base64.b64encode(file.read_bytes()).decode()
        return f'src:url(data:font/woff2;base64,{data}) format("woff2")'

    return FONTS.sub(inlined, content.decode()).encode()
