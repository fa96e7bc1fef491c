"""The record of a figure: what its page, its files and its citations say of it, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from ..base.imprint import Imprint


@dataclass(frozen=True)
class Record:
    """A figure in one language. All texts are plain, on one line, in that language.

    ``description`` is the long one, computed from the data, and ``digest`` is that of the data;
    both are empty for a diagram, which has none. ``page`` is the chapter's page without its suffix,
    ``script`` its code, ``seeds`` those the figure depends on. Sizes are in CSS pixels.
    """

    imprint: Imprint
    language: str
    slug: str
    kind: str
    title: str
    caption: str
    alt: str
    description: str
    chapter: str
    page: str
    script: str
    seeds: tuple[int, ...]
    digest: str
    width: float
    height: float

    @property
    def path(self) -> str:
        """The address of its page, from the root of the site."""
        return f"{self.language}/figures/{self.slug}/"

    @property
    def address(self) -> str:
        """The permanent link; empty for a local copy."""
        return self.imprint.at(self.path)

    @property
    def cell(self) -> str:
        """Where its code is."""
        return f"{self.script}#{self.slug}"

    def file(self, suffix: str) -> str:
        """The address of one of its files, from the root of the site."""
        return f"{self.language}/figures/{self.slug}.{suffix}"
