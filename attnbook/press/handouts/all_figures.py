"""The files of all figures of an edition."""

from __future__ import annotations

from ..book.edition import Edition
from . import formats

Files = dict[str, bytes]


def make_all(edition: Edition) -> dict[str, Files]:
    """By slug, the content of the figure's files by name, such as ``one-query.dark.svg``."""
    return {
        slug: {f"{slug}.{suffix}": made for suffix, made in formats.make_all(figure).items()}
        for slug, figure in edition.figures.items()
    }
