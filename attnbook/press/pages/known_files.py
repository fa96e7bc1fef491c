"""The files that a figure's page knows beside its own: those of other figures, those of kits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..base import zip_archive
from ..handouts import figure_index, teacher_kit
from ..handouts.all_figures import Files

# Hexadecimal digits of a digest that stand for it where a wrong guess only misdirects a reader: one
# file in ten million is taken for another, and a page is kilobytes lighter.
SHORT = 8


@dataclass(frozen=True)
class KnownFiles:
    """What every figure's page knows: ``titles`` by slug, in the page's language.

    ``digests`` has, by slug, the shortened digests of the figure's files in all languages,
    ``in_kits``, by name, those of what kits hold beside the files of figures.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_kits: Mapping[str, str] = field(default_factory=dict)

    def others(self, slug: str) -> dict[str, list[str]]:
        """Title and digests, by slug, of all figures but ``slug``."""
        return {
            other: [title, " ".join(self.digests[other])]
            for other, title in self.titles.items()
            if other != slug
        }


def known_files(
    titles: Mapping[str, str],
    files: Mapping[str, Mapping[str, Files]],
    kits: Mapping[str, bytes],
) -> KnownFiles:
    """What the pages in one language know.

    Parameters
    ----------
    titles
        Of the figures, by slug, in that language.
    files
        By language and slug, the content of the figures' files by name.
    kits
        By name, the archives of all figures.
    """
    digests = {
        slug: tuple(
            _short(content)
            for of_language in files.values()
            for content in of_language[slug].values()
        )
        for slug in titles
    }
    in_kits = {name: [_short(content)] for name, content in kits.items()}
    only_in_kits = {teacher_kit.README, teacher_kit.LICENCE}
    only_in_kits |= {name.replace(".zip", ".pptx") for name in kits}  # the deck of all slides
    of_figures = [
        of_language[slug][f"{slug}.zip"] for of_language in files.values() for slug in titles
    ]
    for archive in (*kits.values(), *of_figures):
        for path, content in zip_archive.unpack(archive).items():
            name = path.rpartition("/")[2]
            if name in only_in_kits:
                in_kits.setdefault(name, []).append(_short(content))
    return KnownFiles(
        titles, digests, {name: " ".join(dict.fromkeys(of)) for name, of in in_kits.items()}
    )


def _short(content: bytes) -> str:
    return figure_index.sha256(content)[:SHORT]
