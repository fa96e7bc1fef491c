"""The stage: what the generator sees of a language, pages, figures and notebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..base import addresses
from ..base.safe_files import mirror, write_if_changed
from ..execution.executed_book import Book
from ..execution.numbers_in_prose import Values
from ..formulas import render_katex
from ..handouts import figure_index, formats, slides, teacher_kit
from ..handouts.all_figures import Item, collect
from ..handouts.make_files import source, texts
from ..metadata import citation, page_head
from ..metadata.citation import Citation
from ..receipts.published_releases import read as releases
from ..source.page_reader import Page
from ..words.load import WORDS
from . import citation_box, gallery, note, preview_cards, reference_notes
from .notebook import compose
from .redirects import copies, redirects
from .weave import weave

CRATE = page_head.File("../ro-crate-metadata.json", "application/ld+json", describes=True)
KIT = "attnbook-figures-{language}.zip"


# The label of a cell's output: no text of the page, so that nobody copies it along.
WORDS_SHEET = '.output::before {{\n  content: "{}";\n}}\n'
Collections = dict[str, dict[str, Item]]


def stage(book: Book, *languages: str) -> None:
    """Write what the generator sees of each of ``languages``."""
    collections = {language: collect(book, language) for language in WORDS}
    for language in languages:
        _stage(book, language, collections)


def _stage(book: Book, language: str, collections: Collections) -> None:
    known, imprint = book.values(), book.imprint
    cited = citation.of_book(imprint, language)
    references = {name.rpartition(".")[2]: name for name in cited.files()}
    files: dict[str, bytes | Path] = dict(cited.files())
    box = citation_box.box(cited, language, files=references)
    for page in book.pages[language].values():
        execution = book.executions[page.chapter] if page.chapter else None
        head = _head(book, page, references)
        text = weave(
            page,
            execution,
            known,
            book.terms,
            head=head,
            cite=box,
            figures={slug: item.exhibit.record for slug, item in collections[language].items()},
            about=book.pages[language].get("about"),
        )
        files[f"{page.name}.md"] = text.encode()
        if execution is not None:
            notebook = compose(page, execution, known, imprint)
            files[f"notebooks/{page.name}.ipynb"] = notebook.encode()
    files |= _figures(book, language, known, collections)
    if imprint.address:  # else nobody could name a card
        files |= _cards(book, language, collections[language])
    katex = book.layout.build / "katex"
    render_katex.assets(katex)
    for path in katex.rglob("*"):
        if path.is_file():
            files[f"assets/katex/{path.relative_to(katex).as_posix()}"] = path
    files["assets/attnbook/words.css"] = WORDS_SHEET.format(WORDS[language].theme.output).encode()
    notes = note.dump(reference_notes.collect(book, language, known))
    write_if_changed(book.layout.notes(language), notes.encode())
    mirror(book.layout.stage(language), files)


def _cards(book: Book, language: str, items: Mapping[str, Item]) -> dict[str, bytes | Path]:
    """The card of every page."""
    words, kept = WORDS[language], book.layout.build / "cards"
    files: dict[str, bytes | Path] = {}
    titles = {f"{name}.md": str(page.meta["title"]) for name, page in book.pages[language].items()}
    titles |= {"index.md": words.book, addresses.GALLERY: words.gallery.title}
    for page, title in titles.items():
        files[preview_cards.name(page)] = preview_cards.card(title, words.book, words.name, kept)
    for slug, item in items.items():
        record = item.exhibit.record
        files[preview_cards.name(f"figures/{slug}/index.md")] = preview_cards.card(
            record.title, record.chapter, words.name, kept, item.files[f"{slug}.png"]
        )
    return files


def _head(book: Book, page: Page, references: dict[str, str]) -> str:
    """What the page says to reference managers and search engines."""
    title, about = str(page.meta["title"]), str(page.meta["description"])
    if page.chapter:
        return page_head.of_chapter(book.imprint, page.language, page.name, title, about)
    if page.name != "index":
        return ""
    chapters = {
        other.name: str(other.meta["title"])
        for other in book.pages[page.language].values()
        if other.chapter
    }
    kit = {"zip": f"figures/{KIT.format(language=page.language)}"}
    files = [*formats.linked(references | kit), CRATE]
    return page_head.of_book(book.imprint, page.language, about, chapters, files)


def _figures(
    book: Book, language: str, known: Values, collections: Collections
) -> dict[str, bytes | Path]:
    """The gallery, the index for machines, and every figure's page and files."""
    published = releases(book.layout.releases)
    files: dict[str, bytes | Path] = {}
    for slug, item in collections[language].items():
        files |= {f"figures/{name}": content for name, content in item.files.items()}
        twins = {
            other: collection[slug].files
            for other, collection in collections.items()
            if other != language
        }
        page = gallery.landing(
            item.exhibit,
            book.catalogue,
            known,
            item.files,
            published,
            twins,
            book.ledger.former(slug),
        )
        files[f"figures/{slug}/index.md"] = page.encode()
    items = list(collections[language].values())
    shown = [item.exhibit for item in items]
    files[addresses.GALLERY] = gallery.overview(shown, language).encode()
    entries = [_entry(item) for item in items]
    files[f"figures/{figure_index.NAME}"] = figure_index.index(
        entries, book.imprint, language
    ).encode()
    files[f"figures/{figure_index.SCHEMA}"] = figure_index.schema()
    everything = _kit(items, citation.of_book(book.imprint, language))
    files[f"figures/{KIT.format(language=language)}"] = everything
    names = {item.exhibit.slug: item.exhibit.record.title for item in items}
    names |= {f"{name}.md": str(page.meta["title"]) for name, page in book.pages[language].items()}
    moved = redirects(book.ledger, language, names, book.imprint.address)
    files |= {name: text.encode() for name, text in moved.items()}
    return files | copies(book.ledger, files)


def _entry(item: Item) -> figure_index.Entry:
    cited = citation.of_figure(item.exhibit.record)
    return figure_index.Entry(
        item.exhibit.record,
        item.files,
        {style: cited.formatted(style) for style in WORDS[cited.language].cite.styles},
    )


def _kit(items: Sequence[Item], cited: Citation) -> bytes:
    """All files of all figures in one archive, with a deck of slides."""
    found = [
        (item.exhibit.record, item.files, citation.of_figure(item.exhibit.record)) for item in items
    ]
    deck = slides.deck(
        [(record, made[f"{record.slug}.png"], source(own)) for record, made, own in found]
    )
    return teacher_kit.book_kit(
        [(record, made, texts(own)) for record, made, own in found], deck, texts(cited)
    )
