"""The closed set of keys that the words of every language have, table by table.

A key that no language file has, or one that is not here, stops the press; a test finds those that
nobody uses. Braces in the texts are filled in by whoever says them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageWords:
    """What the press puts on pages of the book."""

    notebook: str
    read_notebook: str
    download: str
    run: str
    show_code: str
    figure_page: str
    term: str
    meaning: str
    notebook_intro: str
    install: str
    no_address: str
    equation: str
    read_more: str
    to_glossary: str
    to_place: str
    permalink: str
    web_page: str


@dataclass(frozen=True)
class CiteWords:
    """What citations and the box that shows them say.

    ``language`` is the tag that reference managers know, ``babel`` the name that LaTeX knows.
    ``terms`` are words of styles (CSL terms) that read badly in this language.
    """

    language: str
    babel: str
    figure: str
    edition: str
    edition_2015: str
    written_in: str
    comma: str
    terms: dict[str, str]
    heading: str
    link: str
    accessed: str
    styles: dict[str, str]
    copy: str
    copy_style: str
    copied: str
    not_copied: str
    files: str
    local: str


@dataclass(frozen=True)
class FileWords:
    """What files, slides and teacher kits of figures say.

    ``tag`` is the language as office programs name it, and ``latin_tag`` that of Latin letters in
    it, if another; ``deed`` is the suffix of the full licence.
    """

    tag: str
    latin_tag: str
    deed: str
    comma: str
    colon: str
    stop: str
    between_sentences: str
    rights: str
    part: str
    drawn: str
    seed: str
    digest: str
    local: str
    no_link: str
    source: str
    place: str
    edition: str
    imprint: str
    caption: str
    alternative: str
    description: str
    files: str
    contents: str
    citation: str
    licence: str
    link: str
    provenance: str
    kit_intro: str
    book_intro: str
    deck: str
    folders: str
    full_licence: str


@dataclass(frozen=True)
class LicenceWords:
    """A licence of texts and figures: its full name, a sentence on what it allows, its terms."""

    title: str
    summary: str
    terms: str


@dataclass(frozen=True)
class FormatWords:
    """A kind of file: its name, its use on the page of a figure and its purpose in a teacher kit.

    The page of a figure lists no citations, a teacher kit no archive: they have empty texts there.
    """

    label: str
    use: str
    purpose: str


@dataclass(frozen=True)
class GalleryWords:
    """What the gallery and the pages of figures say."""

    title: str
    description: str
    intro: str
    chapter: str
    kind: str
    every: str
    count: str
    kinds: dict[str, str]
    in_chapter: str
    alternative: str
    long_description: str
    data: str
    sample: str
    no_data: str
    code: str
    code_intro: str
    before: str
    downloads: str
    licence: str
    licence_text: str
    provenance: str
    cell: str
    made_with: str
    seeds: str
    no_seeds: str
    version: str
    unreleased: str
    commit: str
    digest: str
    link: str
    local: str


@dataclass(frozen=True)
class Verdict:
    """The name of a verdict, and what it means for the file at hand."""

    title: str
    text: str


@dataclass(frozen=True)
class CheckerWords:
    """What the box that verifies a file says.

    ``same_language`` and ``other_language`` name a file by the language that it is in.
    """

    title: str
    intro: str
    drop: str
    choose: str
    working: str
    insecure: str
    verdicts: dict[str, Verdict]
    published: str
    local: str
    changed: str
    unreleased: str
    same_language: str
    other_language: str
    by_hand: str
    by_hand_intro: str
    colon: str


@dataclass(frozen=True)
class PaperWords:
    """What the editions on paper and for readers (PDF, EPUB) say.

    ``page`` follows a link in running text; ``figure`` starts a caption, and ``end`` ends its name.
    """

    contents: str
    figures: str
    figure: str
    end: str
    page: str
    page_of_figure: str
    imprint: str
    version: str
    date: str
    date_form: str
    months: tuple[str, ...]  # as dates name them
    commit: str
    unreleased: str
    uncommitted: str
    licence: str
    licence_text: str
    address: str
    local: str
    cite: str
    about: tuple[str, ...]
    fonts: str
    cover: str
    landmarks: str
    reader: str
    reader_access: str
    accessibility: str
    offline: str


@dataclass(frozen=True)
class ReferenceWords:
    """What a reference without a text of its own says."""

    figure: str
    section: str
    numbered: str


@dataclass(frozen=True)
class LibraryWords:
    """What the reference of the library says: the titles of the parts of an entry, and its fold."""

    parts: dict[str, str]
    source: str


@dataclass(frozen=True)
class MovedWords:
    """What stands at an address that a figure had once."""

    title: str
    description: str
    to_figure: str
    to_page: str


@dataclass(frozen=True)
class DataWords:
    """The heads of the columns of a figure's data."""

    panel: str
    series: str
    value: str


@dataclass(frozen=True)
class SearchWords:
    """What readers may type: found, never shown.

    ``equation`` and ``figure`` are what they may call these; ``idle`` words count only if there are
    no others; a row of ``also`` is a word of the books, a colon, and what else one may call it.
    """

    equation: str
    figure: str
    idle: str
    also: tuple[str, ...]


@dataclass(frozen=True)
class DescriptionWords:
    """The sentences of long descriptions, by what they claim, and what they call their subject."""

    about: str
    quoted: str
    panel: str
    numbered: str
    sentences: dict[str, str]
    unlabelled: dict[str, str]
    labelled: dict[str, str]


@dataclass(frozen=True)
class ThemeWords:
    """What the theme's templates and scripts say, on every page of the edition.

    Those that begin with ``beside`` are about both languages side by side.
    """

    notebook: str
    output: str
    copy_code: str
    code_copied: str
    code_not_copied: str
    search_failed: str
    beside: str
    beside_about: str
    beside_shown: str
    beside_hidden: str
    beside_failed: str


@dataclass(frozen=True)
class RootWords:
    """What the pages say that belong to no edition, and those of an edition for a lost reader."""

    languages: str
    description: str
    lost: str
    no_page: str
    no_page_why: str
    search_book: str
    search: str
    search_edition: str
    to_first_page: str
    to_edition: str
    to_edition_home: str


@dataclass(frozen=True)
class Words:
    """A language, and all that the press says in it.

    ``tag`` is the language as HTML names it, ``locale`` as citation styles and previews do;
    ``script`` is Han or Latin. ``languages`` calls languages by their codes, and one that it does
    not know goes by the ``name`` that it gives itself.
    """

    order: int  # of the languages of a book
    tag: str
    name: str
    english: str
    script: str
    locale: str
    languages: dict[str, str]
    page: PageWords
    cite: CiteWords
    files: FileWords
    licences: dict[str, LicenceWords]  # by their names in base/licences.py
    formats: dict[str, FormatWords]  # by suffix, in the order in which teacher kits list them
    gallery: GalleryWords
    checker: CheckerWords
    paper: PaperWords
    references: ReferenceWords
    library: LibraryWords
    moved: MovedWords
    theme: ThemeWords
    root: RootWords
    data: DataWords
    search: SearchWords
    description: DescriptionWords
