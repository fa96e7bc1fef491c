"""The stage: what the generator sees of a language, pages, figures and notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..base import addresses
from ..base.book_paths import Layout
from ..base.safe_files import mirror, write_if_changed
from ..book.edition import Edition
from ..formulas import render_katex
from ..handouts import all_figures, figure_index, formats
from ..handouts.all_figures import Files
from ..metadata import citation, page_head
from ..receipts import published_releases
from ..source.page_reader import Page
from ..words.load import WORDS
from . import citation_box, gallery, note, preview_cards, reference_notes
from .known_files import known_files
from .notebook import compose
from .redirects import copies, redirects
from .weave import weave

CRATE = page_head.File("../ro-crate-metadata.json", "application/ld+json", describes=True)
# The label of a cell's output: no text of the page, so that nobody copies it along.
WORDS_SHEET = '.output::before {{\n  content: "{}";\n}}\n'


def stage(editions: Mapping[str, Edition], layout: Layout, *languages: str) -> None:
    """Write what the generator sees of each of ``languages``, below ``build/`` of ``layout``.

    ``editions`` are those of all languages: a figure's page knows its files in the others.
    """
    figure_files = {
        language: all_figures.make_all(edition, layout.figure_files(language))
        for language, edition in editions.items()
    }
    kits = {
        f"{edition.imprint.kit(language)}.zip": all_figures.book_kit(
            edition, figure_files[language], layout.figure_files(language)
        )
        for language, edition in editions.items()
    }
    for language in languages:
        edition = editions[language]
        files = {
            **_pages(edition),
            **_figures(edition, layout, figure_files, kits),
            **_formulas(layout),
            "assets/attnbook/words.css": WORDS_SHEET.format(WORDS[language].theme.output).encode(),
        }
        if edition.imprint.address:  # else nobody could name a card
            files |= _cards(edition, layout, figure_files[language])
        notes = note.dump(reference_notes.collect(edition))
        write_if_changed(layout.notes(language), notes.encode())
        mirror(layout.stage(language), files)


def _pages(edition: Edition) -> dict[str, bytes | Path]:
    """The pages of the book with their notebooks, and the files that cite it."""
    cited = citation.of_book(edition.imprint, edition.language)
    references = {name.rpartition(".")[2]: name for name in cited.files()}
    box = citation_box.box(cited, edition.language, files=references)
    files: dict[str, bytes | Path] = dict(cited.files())
    for name, page in edition.pages.items():
        head = _head(edition, page, references)
        files[f"{name}.md"] = weave(page, edition, head=head, cite=box).encode()
        if page.chapter:
            notebook = compose(page, edition)
            files[f"notebooks/{name}.ipynb"] = notebook.encode()
    return files


def _head(edition: Edition, page: Page, references: dict[str, str]) -> str:
    """What the page says to reference managers and search engines."""
    title, about = str(page.meta["title"]), str(page.meta["description"])
    if page.chapter:
        return page_head.of_chapter(edition.imprint, page.language, page.name, title, about)
    if page.name != "index":
        return ""
    chapters = {
        other.name: str(other.meta["title"]) for other in edition.pages.values() if other.chapter
    }
    kit = {"zip": f"figures/{edition.imprint.kit(page.language)}.zip"}
    files = [*formats.linked(references | kit), CRATE]
    return page_head.of_book(edition.imprint, page.language, about, chapters, files)


def _figures(
    edition: Edition,
    layout: Layout,
    figure_files: Mapping[str, Mapping[str, Files]],
    kits: Mapping[str, bytes],
) -> dict[str, bytes | Path]:
    """The gallery, the index for machines, and every figure's page and files.

    ``figure_files`` are by language and slug, ``kits``, which hold all figures, by name.
    """
    language, imprint = edition.language, edition.imprint
    releases = published_releases.read(layout.releases)
    names = {slug: figure.record.title for slug, figure in edition.figures.items()}
    known = known_files(names, figure_files, kits)
    files: dict[str, bytes | Path] = {}
    for slug, figure in edition.figures.items():
        files_of_figure = figure_files[language][slug]
        twins = {other: of_all[slug] for other, of_all in figure_files.items() if other != language}
        page = gallery.landing(figure, edition, files_of_figure, twins, releases, known)
        files |= {f"figures/{name}": content for name, content in files_of_figure.items()}
        files[f"figures/{slug}/index.md"] = page.encode()
    files[addresses.GALLERY] = gallery.overview(edition).encode()
    index = figure_index.index(_entries(edition, figure_files[language]), imprint, language)
    files[f"figures/{figure_index.NAME}"] = index.encode()
    files[f"figures/{figure_index.SCHEMA}"] = figure_index.schema()
    kit = f"{imprint.kit(language)}.zip"
    files[f"figures/{kit}"] = kits[kit]
    names |= {f"{name}.md": str(page.meta["title"]) for name, page in edition.pages.items()}
    moved = redirects(edition.ledger, language, names, imprint.address)
    files |= {name: text.encode() for name, text in moved.items()}
    return files | copies(edition.ledger, files)


def _entries(edition: Edition, figure_files: Mapping[str, Files]) -> list[figure_index.Entry]:
    styles = WORDS[edition.language].cite.styles
    return [
        figure_index.Entry(
            figure.record,
            figure_files[slug],
            {style: figure.citation.formatted(style) for style in styles},
        )
        for slug, figure in edition.figures.items()
    ]


def _formulas(layout: Layout) -> dict[str, bytes | Path]:
    """The style sheet and the fonts of formulas."""
    katex = layout.build / "katex"
    render_katex.assets(katex)
    return {
        f"assets/katex/{path.relative_to(katex).as_posix()}": path
        for path in katex.rglob("*")
        if path.is_file()
    }


def _cards(
    edition: Edition, layout: Layout, figure_files: Mapping[str, Files]
) -> dict[str, bytes | Path]:
    """The card of every page."""
    words, kept = WORDS[edition.language], layout.build / "cards"
    book = edition.imprint.title(edition.language)
    files: dict[str, bytes | Path] = {}
    titles = {f"{name}.md": str(page.meta["title"]) for name, page in edition.pages.items()}
    titles |= {"index.md": book, addresses.GALLERY: words.gallery.title}
    for page, title in titles.items():
        files[preview_cards.name(page)] = preview_cards.card(title, book, words.name, kept)
    for slug, figure in edition.figures.items():
        files[preview_cards.name(f"figures/{slug}/index.md")] = preview_cards.card(
            figure.record.title,
            figure.record.chapter,
            words.name,
            kept,
            figure_files[slug][f"{slug}.png"],
        )
    return files
