"""Teacher kits: all files of a figure, or of the book, in one archive that explains itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from unicodedata import east_asian_width

from ..base import zip_archive
from ..base.errors import PressError
from ..figures.figure_record import Record
from ..metadata.figure_facts import cleaned, provenance, rights, sound, summary
from ..words.load import WORDS

README, LICENCE = "README.txt", "LICENSE.txt"
MARK = "\ufeff"  # by which every editor on Windows knows UTF-8


def kit(record: Record, files: Mapping[str, bytes], citations: Mapping[str, str]) -> bytes:
    """The archive of one figure, in one folder named by its slug.

    Parameters
    ----------
    files
        Contents by file name, such as ``toy-data.dark.svg``; all are packed, in this order.
    citations
        Texts that cite the figure, by the name of their style.

    Raises
    ------
    PressError
        For a name that no archive can hold, or that of a file which the kit writes itself.
    """
    inside = _folder(record, files, citations) | {LICENCE: _licence(record)}
    return zip_archive.pack({f"{record.slug}/{name}": content for name, content in inside.items()})


def book_kit(
    items: Sequence[tuple[Record, Mapping[str, bytes], Mapping[str, str]]],
    deck: bytes,
    citations: Mapping[str, str],
) -> bytes:
    """The archive of all figures in one language: a deck, and a folder for every figure.

    Parameters
    ----------
    items
        Record, files and citations of every figure, as `kit` takes them. Archives among the files
        are left out.
    deck
        The slides of the whole book.
    citations
        Texts that cite the book, by the name of their style.

    Raises
    ------
    PressError
        As `kit` does; also without figures, or for figures in several languages.
    """
    languages = {record.language for record, _, _ in items}
    if len(languages) != 1:
        raise PressError(
            f"a kit is in one language, and {len(items)} figures in {len(languages)} came",
            mend="make one kit for each language of the book",
        )
    top = items[0][0].imprint.kit(languages.pop())
    loose = [
        (
            record,
            {name: files[name] for name in files if not name.endswith(".zip")},
            citations_of_figure,
        )
        for record, files, citations_of_figure in items
    ]
    inside: dict[str, bytes] = {
        README: _contents(loose, f"{top}.pptx", citations),
        LICENCE: _licence(items[0][0]),
        f"{top}.pptx": deck,
    }
    for record, files, citations_of_figure in loose:
        folder = _folder(record, files, citations_of_figure)
        inside |= {f"{record.slug}/{name}": content for name, content in folder.items()}
    return zip_archive.pack({f"{top}/{name}": content for name, content in inside.items()})


def _folder(
    record: Record, files: Mapping[str, bytes], citations: Mapping[str, str]
) -> dict[str, bytes]:
    if taken := {README, LICENCE} & set(files):
        raise PressError(
            f"the kit of {record.slug!r} writes {', '.join(sorted(taken))} itself",
            mend="give only the files of the figure",
        )
    return {README: _readme(record, files, citations), **files}


def _readme(record: Record, files: Mapping[str, bytes], citations: Mapping[str, str]) -> bytes:
    """What the figure shows, what each file is for, and how to cite it."""
    record = cleaned(record)
    words = WORDS[record.language].files
    book = record.imprint.title(record.language)
    parts = {
        words.caption: record.caption,
        words.alternative: record.alt,
        words.description: record.description,
        words.files: "\n".join(_line(record, name) for name in files),
        **_ending(record, citations),
        words.link: record.address or words.no_link + words.stop,
        words.provenance: provenance(record),
    }
    place = words.place.format(chapter=record.chapter) + words.stop
    return _text(
        record.title, words.kit_intro.format(book=book) + words.between_sentences + place, parts
    )


def _contents(
    items: Sequence[tuple[Record, Mapping[str, bytes], Mapping[str, str]]],
    deck: str,
    citations: Mapping[str, str],
) -> bytes:
    """What the archive of the book holds."""
    first = cleaned(items[0][0])
    words, imprint = WORDS[first.language].files, first.imprint
    book = imprint.title(first.language)
    rows: list[str] = []
    for chapter, of_chapter in groupby(items, lambda item: item[0].chapter):
        rows += ["", sound(chapter)] if rows else [sound(chapter)]
        rows += [f"- {record.slug}/  {sound(record.title)}" for record, _, _ in of_chapter]
    suffixes = {_suffix(record, name) for record, files, _ in items for name in files}
    purposes = [
        f"- .{suffix}  {about.purpose}"
        for suffix, about in WORDS[first.language].formats.items()
        if suffix in suffixes
    ]
    folders = "\n".join(["", words.folders, *purposes])
    parts = {
        words.files: f"- {deck}  {words.deck}\n{folders}",
        words.contents: "\n".join(rows),
        **_ending(first, citations),
        words.link: imprint.at(f"{first.language}/figures/") or words.no_link + words.stop,
        words.provenance: words.imprint.format(
            edition=imprint.edition, date=imprint.date.isoformat()
        ),
    }
    return _text(book, words.book_intro.format(book=book, count=len(items)), parts)


def _ending(record: Record, citations: Mapping[str, str]) -> dict[str, str]:
    words = WORDS[record.language].files
    cited = (f"{style}{words.colon.strip()}\n{text}" for style, text in citations.items())
    allowed = summary(record.imprint, record.language)
    licence = f"{rights(record)}\n{allowed}\n{record.imprint.licence.address}"
    return {words.citation: "\n\n".join(cited), words.licence: licence}


def _line(record: Record, name: str) -> str:
    return f"- {name}  {WORDS[record.language].formats[_suffix(record, name)].purpose}"


def _suffix(record: Record, name: str) -> str:
    return name.removeprefix(f"{record.slug}.")


def _licence(record: Record) -> bytes:
    words, address = WORDS[record.language].files, record.imprint.licence.address
    licence = WORDS[record.language].licences[record.imprint.settings.licence]
    record = cleaned(record)
    full = f"{words.full_licence}{words.colon}{address}legalcode.{words.deed}"
    rows = [licence.title, address, rights(record), licence.terms, full]
    return (MARK + "\n\n".join(rows) + "\n").encode()


def _text(title: str, intro: str, parts: Mapping[str, str]) -> bytes:
    """A page of plain text; paragraphs are not broken into lines, so that they can be copied."""
    rows = [title, "=" * _columns(title), "", intro]
    for heading, text in parts.items():
        if text:
            rows += ["", "", heading, "-" * _columns(heading), "", text]
    return (MARK + "\n".join(rows) + "\n").encode()


def _columns(text: str) -> int:
    """How wide ``text`` is in a font of even width."""
    return min(sum(1 + (east_asian_width(character) in "WF") for character in text), 72)
