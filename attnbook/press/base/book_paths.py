"""Where everything of a book lies, given its root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..words.load import WORDS
from . import book_settings

# The library with its press: what is installed or checked out, whichever book is being printed.
PACKAGE = Path(__file__).resolve().parents[2]
CHECKOUT = PACKAGE.parent


@dataclass(frozen=True)
class Layout:
    """The folders and files of the book at ``root``.

    ``work`` is where all goes that is made before the site, if not to ``build/``.
    """

    root: Path
    work: Path | None = None

    @property
    def chapters(self) -> Path:
        """The scripts of the chapters, in the package that the book comes with."""
        return self.root / book_settings.project(self.root).module / "chapters"

    @property
    def messages(self) -> Path:
        return self.root / "docs" / "messages.csv"

    @property
    def glossary(self) -> Path:
        return self.root / "docs" / "glossary.csv"

    @property
    def releases(self) -> Path:
        return self.root / "docs" / "releases.json"

    @property
    def ledger(self) -> Path:
        return self.root / "docs" / "figures.toml"

    @property
    def citation(self) -> Path:
        return self.root / "CITATION.cff"

    @property
    def receipts(self) -> Path:
        return self.root / "docs" / "receipts"

    @property
    def build(self) -> Path:
        return self.work or self.root / "build"

    @property
    def cache(self) -> Path:
        return self.build / "cache"

    @property
    def changes(self) -> Path:
        """Pictures of what changed in figures, to be looked at."""
        return self.build / "changes"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def theme(self) -> Path:
        """Style sheets, scripts and templates: the look of the book."""
        return self.root / "docs" / "theme"

    def prose(self, language: str) -> Path:
        """The folder of the pages in ``language``."""
        return self.root / "docs" / language

    def edition(self, language: str) -> Path:
        """What the edition in ``language`` says to the generator; others inherit the first's."""
        is_first = language == next(iter(WORDS))
        return self.root / ("mkdocs.yml" if is_first else f"docs/theme/{language}.yml")

    def stage(self, language: str) -> Path:
        """What the generator sees of ``language``."""
        return self.build / "stage" / language

    def notes(self, language: str) -> Path:
        """What the references of ``language`` lead to, in short."""
        return self.build / f"{language}-notes.json"

    def figure_files(self, language: str) -> Path:
        """The files of figures in ``language``, kept from build to build."""
        return self.build / "figure-files" / language

    def finished(self, language: str) -> Path:
        """The finished pages in ``language``, kept from build to build."""
        return self.build / "finished" / language

    def config(self, language: str) -> Path:
        """The generator's configuration of ``language``."""
        return self.build / f"{language}.yml"
