"""Whether the files of figures are still those that their version was released with."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..base.environment import differing, fingerprint
from ..book.edition import editions
from ..book.executed_book import Book
from ..handouts import all_figures, figure_index
from ..handouts.formats import FORMATS, listed
from .published_releases import Release


def changed_files(book: Book, releases: Mapping[str, Release]) -> list[str]:
    """The files, by their paths in the site, that differ from those of the released version.

    Files are made as they were for the release, with its address. On a machine of another kind
    drawings have other bytes; there only the files of citations are compared, which hold words.
    A version that was not released has none that differ.
    """
    release = releases.get(book.imprint.version)
    if release is None:
        return []
    at_address = replace(book, imprint=replace(book.imprint, address=release.address))
    comparable = not differing(release.environment, fingerprint())
    now: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as work:
        for language, edition in editions(at_address).items():
            for slug, files in all_figures.make_all(edition, Path(work, language)).items():
                for name, suffix in listed(slug, list(files)).items():
                    if comparable or FORMATS[suffix].cites:
                        now[f"{language}/figures/{name}"] = figure_index.sha256(files[name])
    gone = [path for path in release.files if comparable and path not in now]
    return sorted(
        gone + [path for path, digest in now.items() if release.files.get(path) != digest]
    )
