"""The box that verifies a downloaded file, on the page of its figure; verify.js brings it to life.

The page carries the digests itself, so that verifying asks nobody and works from a disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from ..base.imprint import Imprint
from ..figures.figure_record import Record
from ..handouts import figure_index, formats
from ..receipts.published_releases import Release
from ..words.keys import CheckerWords
from ..words.load import WORDS, called
from .page_templates import render

# How to compute a SHA-256 without the page.
COMMANDS = {
    "Linux": "sha256sum {name}",
    "macOS": "shasum -a 256 {name}",
    "Windows": "certutil -hashfile {name} SHA256",
    "PowerShell": "Get-FileHash {name}",
}


def box(
    record: Record,
    files: Mapping[str, bytes],
    releases: Mapping[str, Release],
    *,
    twins: Mapping[str, Mapping[str, bytes]] | None = None,
    former_slugs: Sequence[str] = (),
) -> str:
    """The section as Markdown: a heading, then one block of HTML without an empty line.

    Parameters
    ----------
    record, files
        The figure, and the content of its files by name, such as ``one-query.dark.svg``.
    releases
        What `releases.read` gives.
    twins
        By language, the files of the same figure in other languages; they are known, too.
    former_slugs
        What the figure was called in earlier versions.

    Raises
    ------
    PressError
        For a file that is not of the figure, or of no format.
    """
    words = WORDS[record.language].checker
    digests = {
        name: figure_index.sha256(files[name]) for name in formats.listed(record.slug, list(files))
    }
    data = {
        "slug": record.slug,
        "names": list(digests),
        "working": words.working,
        "verdicts": {name: asdict(verdict) for name, verdict in words.verdicts.items()},
        **_known(record, digests, releases, twins or {}, {record.slug, *former_slugs}),
    }
    return render(
        "verify_box.md",
        record.language,
        edition=_edition(record.imprint, words),
        digests=digests,
        commands=COMMANDS,
        data=data,
    )


def _known(
    record: Record,
    digests: Mapping[str, str],
    releases: Mapping[str, Release],
    twins: Mapping[str, Mapping[str, bytes]],
    slugs: set[str],
) -> dict[str, object]:
    """Digest to a name and the number of an edition, that of the page being the first.

    What several editions share counts as of the page's, or else as of the latest; what several
    languages share as of the page's.
    """
    words = WORDS[record.language].checker

    def named(name: str, language: str) -> str:
        if language == record.language:
            return words.same_language.format(name=name)
        return words.other_language.format(name=name, language=called(language, record.language))

    editions = [_edition(record.imprint, words)]
    editions_by_digest: dict[str, tuple[str, int]] = {}
    for release in releases.values():
        number = len(editions)
        of_figure = [
            (language, name, digest)
            for path, digest in release.files.items()
            for language, _, name in [path.split("/", 2)]
            if name.split(".")[0] in slugs
        ]
        if not of_figure:
            continue
        editions.append(words.published.format(version=release.version, date=release.date))
        for language, name, digest in sorted(of_figure, key=lambda one: one[0] == record.language):
            editions_by_digest[digest] = named(name, language), number
    for language, contents in twins.items():
        for name, content in contents.items():
            editions_by_digest[figure_index.sha256(content)] = named(name, language), 0
    for name, digest in digests.items():
        editions_by_digest[digest] = named(name, record.language), 0
    return {"editions": editions, "known": editions_by_digest}


def _edition(imprint: Imprint, words: CheckerWords) -> str:
    if imprint.commit.endswith("+"):
        text = words.changed
    else:
        text = words.published if imprint.address else words.local
    return text.format(version=imprint.version, date=imprint.date.isoformat())
