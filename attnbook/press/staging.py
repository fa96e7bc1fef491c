"""The stage: what the generator sees of a language, pages, figures and notebooks."""

from __future__ import annotations

from pathlib import Path

from . import gallery, maths
from .book import Book, values
from .exhibit import Exhibit, exhibits
from .figures import describe
from .folders import mirror
from .notebook import compose
from .values import Values
from .weave import weave

Files = dict[str, bytes | Path]


def stage(book: Book, language: str) -> None:
    """Write what the generator sees of ``language``."""
    files: Files = {}
    shown: list[Exhibit] = []
    known = values(book)
    for page in book.pages[language].values():
        execution = book.executions[page.chapter] if page.chapter else None
        files[f"{page.name}.md"] = weave(page, execution, known, book.terms).encode()
        if execution is None:
            continue
        shown += exhibits(page, execution, known, book.catalogue, book.imprint)
        notebook = compose(page, execution, known, book.imprint)
        files[f"notebooks/{page.name}.ipynb"] = notebook.encode()
    for exhibit in shown:
        files |= _figure(exhibit, book, known)
    files[gallery.ADDRESS] = gallery.overview(shown, language).encode()
    katex = book.layout.build / "katex"
    maths.assets(katex)
    for path in katex.rglob("*"):
        if path.is_file():
            files[f"assets/katex/{path.relative_to(katex).as_posix()}"] = path
    mirror(book.layout.stage(language), files)


def _figure(exhibit: Exhibit, book: Book, known: Values) -> Files:
    """The page of a figure and all its files."""
    slug, record = exhibit.slug, exhibit.record
    stem = exhibit.execution.folder / "figures" / f"{slug}.{record.language}"
    files: Files = {
        f"figures/{slug}.{kind}": stem.with_name(f"{stem.name}.{kind}") for kind in ("pdf", "png")
    }
    svg = stem.with_name(f"{stem.name}.svg").read_text(encoding="utf-8")
    files[f"figures/{slug}.svg"] = describe(svg, record.caption, record.alt).encode()
    if exhibit.plotted.panels:
        files[f"figures/{slug}.csv"] = gallery.data_file(exhibit, book.catalogue)
    landing = gallery.landing(exhibit, book.catalogue, known)
    files[f"figures/{slug}/index.md"] = landing.encode()
    return files
