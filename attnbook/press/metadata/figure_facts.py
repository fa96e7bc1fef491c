"""What the files of a figure say of it: facts for machines, sentences for people.

They name version and data, and no commit: as long as neither figure, words nor version change, the
bytes of a file do not.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace

from ..base.imprint import Imprint
from ..figures.figure_record import Record
from ..words.load import WORDS

# Control characters, halves of surrogate pairs, and what else XML cannot hold.
UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def sound(text: str) -> str:
    """``text`` on one line, without the characters that no XML document can hold."""
    return re.sub(r"[\t\n\r]+", " ", UNSOUND.sub("", text)).strip()


def cleaned(record: Record) -> Record:
    """``record`` with all its texts `sound`."""
    texts = {
        field.name: sound(value)
        for field in fields(record)
        if isinstance(value := getattr(record, field.name), str)
    }
    authors = tuple(map(sound, record.imprint.authors))
    return replace(record, **texts, imprint=replace(record.imprint, authors=authors))


def names(record: Record) -> tuple[str, ...]:
    """The authors, as the language of the figure names them."""
    return record.imprint.authors_in(record.language)


def authors(record: Record) -> str:
    """All authors, in one line."""
    return WORDS[record.language].files.comma.join(names(record))


def rights(record: Record) -> str:
    """Who holds the rights, and the licence, in one sentence."""
    words = WORDS[record.language].files
    imprint = record.imprint
    return words.rights.format(
        year=imprint.year, authors=authors(record), licence=imprint.licence.name
    )


def terms(record: Record) -> str:
    """What the licence allows, in one sentence."""
    words, imprint = WORDS[record.language], record.imprint
    return f"{imprint.licence.name}{words.files.colon}{summary(imprint, record.language)}"


def summary(imprint: Imprint, language: str) -> str:
    """What the licence of texts and figures allows, in a sentence of its own."""
    return WORDS[language].licences[imprint.settings.licence].summary


def provenance(record: Record) -> str:
    """Where a figure comes from, in a sentence or two; a local copy says that it is one."""
    words, imprint = WORDS[record.language].files, record.imprint
    parts = [words.drawn.format(edition=imprint.edition, cell=record.cell)]
    if record.seeds:
        parts.append(words.seed.format(seeds=seeds(record)))
    if record.digest:
        parts.append(words.digest.format(digest=record.digest))
    sentence = words.comma.join(parts) + words.stop
    return sentence if record.address else sentence + words.between_sentences + words.local


def facts(record: Record) -> dict[str, str]:
    """What of a figure is to be read by machines, by name; what is not known is left out."""
    imprint = record.imprint
    values = {
        "License": imprint.licence.address,
        "Language": record.language,
        "Permalink": record.address,
        "Version": imprint.version,
        "Cell": record.cell,
        "Seeds": seeds(record),
        "DataDigest": record.digest,
    }
    return {name: value for name, value in values.items() if value}


def seeds(record: Record) -> str:
    """All seeds, in one line."""
    return ", ".join(map(str, record.seeds))


def tool(record: Record) -> str:
    """The program that made the files."""
    return record.imprint.edition
