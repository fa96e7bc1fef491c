"""The files of all figures of an edition, made when what they are made of has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..base import zip_archive
from ..base.kept_results import forget_others, kept
from ..book.edition import Edition
from ..book.figure_in_book import BookFigure
from ..metadata import citation
from . import formats, slides, teacher_kit
from .make_files import source, texts

Files = dict[str, bytes]
KIT = "all figures"  # no slug: it has a space


def make_all(edition: Edition, folder: Path) -> dict[str, Files]:
    """By slug, the content of the figure's files by name, such as ``one-query.dark.svg``.

    ``folder`` is where those of this edition are kept from build to build.
    """
    forget_others(folder, [*edition.figures, KIT])
    return {slug: _files(figure, folder) for slug, figure in edition.figures.items()}


def _files(figure: BookFigure, folder: Path) -> Files:
    slug = figure.record.slug

    def make() -> bytes:
        made = formats.make_all(figure)
        return zip_archive.pack({f"{slug}.{suffix}": content for suffix, content in made.items()})

    return zip_archive.unpack(kept(folder, slug, _parts(figure), make))


def book_kit(edition: Edition, files: Mapping[str, Files], folder: Path) -> bytes:
    """All files of all figures in one archive, with a deck of slides; ``files`` are by slug."""

    def make() -> bytes:
        figures = edition.figures.items()
        deck = slides.deck(
            [
                (figure.record, files[slug][f"{slug}.png"], source(figure.citation))
                for slug, figure in figures
            ]
        )
        of_book = citation.of_book(edition.imprint, edition.language)
        of_figures = [
            (figure.record, files[slug], texts(figure.citation)) for slug, figure in figures
        ]
        return teacher_kit.book_kit(of_figures, deck, texts(of_book))

    parts = [_parts(figure) for figure in edition.figures.values()]
    return kept(folder, KIT, parts, make)


def _parts(figure: BookFigure) -> object:
    """What the files of ``figure`` are made of.

    Drawings and data are named by their folder, which an execution names by its own content: see
    `chapter_cache`. Files say nothing of commits, so a commit makes none of them anew.
    """
    imprint = figure.record.imprint
    in_files = replace(imprint, commit="", changed=imprint.date, released=False)
    return replace(figure.record, imprint=in_files), figure.caption, figure.drawings.parent.name
