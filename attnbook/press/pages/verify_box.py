"""The box that verifies a downloaded file, on the page of its figure; verify.js brings it to life.

The page carries the digests itself, so that verifying asks nobody and works from a disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..figures.figure_record import Record
from ..handouts import drawn_content, figure_index, formats
from ..receipts.published_releases import Release
from ..words.load import WORDS, called
from .known_files import KnownFiles
from .page_templates import render

NOTHING_ELSE = KnownFiles()
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
    known_files: KnownFiles = NOTHING_ELSE,
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
    known_files
        The files of other figures and of kits.

    Raises
    ------
    PressError
        For a file that is not of the figure, or of no format.
    """
    words = WORDS[record.language].checker
    digests = {
        name: figure_index.sha256(files[name]) for name in formats.listed(record.slug, list(files))
    }
    data: dict[str, Any] = {
        "slug": record.slug,
        "names": list(digests),
        "working": words.working,
        "verdicts": {name: asdict(verdict) for name, verdict in words.verdicts.items()},
        **_known(record, digests, releases, twins or {}, {record.slug, *former_slugs}),
        "drawn": _drawn(record, files, twins or {}),
        "data": record.digest,
        "kits": known_files.in_kits,
        "others": known_files.others(record.slug),
    }
    return render(
        "verify_box.md",
        record.language,
        edition=data["editions"][0],
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
    editions = [_edition(record, digests, releases)]
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
            editions_by_digest[digest] = _named(record, name, language), number
    for language, contents in twins.items():
        for name, content in contents.items():
            editions_by_digest[figure_index.sha256(content)] = _named(record, name, language), 0
    for name, digest in digests.items():
        editions_by_digest[digest] = _named(record, name, record.language), 0
    return {"editions": editions, "known": editions_by_digest}


def _drawn(
    record: Record,
    files: Mapping[str, bytes],
    twins: Mapping[str, Mapping[str, bytes]],
) -> dict[str, str]:
    """The name of each drawing by the digest of what is drawn; those of the page's language win."""
    drawings: dict[str, str] = {}
    for language, contents in [*twins.items(), (record.language, files)]:
        for name, content in contents.items():
            if digest := drawn_content.digest(content):
                drawings[digest] = _named(record, name, language)
    return drawings


def _named(record: Record, name: str, language: str) -> str:
    """The file ``name`` in ``language``, as the page of ``record`` calls it."""
    words = WORDS[record.language].checker
    if language == record.language:
        return words.same_language.format(name=name)
    return words.other_language.format(name=name, language=called(language, record.language))


def _edition(record: Record, digests: Mapping[str, str], releases: Mapping[str, Release]) -> str:
    """What edition the page is of: a version, if it is released and has these files."""
    words, imprint = WORDS[record.language].checker, record.imprint
    release = releases.get(imprint.version)
    changed = release is not None and any(
        release.files.get(record.file(name.removeprefix(f"{record.slug}."))) != digest
        for name, digest in digests.items()
    )
    if not imprint.address:
        text = words.local
    elif release is None:
        text = words.unreleased
    else:
        text = words.changed if changed else words.published
    return text.format(version=imprint.version, date=imprint.date.isoformat())
