"""The executed book: what its authors wrote, and what their chapters computed."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, field

from ..base.environment import version
from ..base.errors import PressErrors
from ..checks import language_parity
from ..checks.read_book import BookSource
from ..execution.execute import Execution, Progress, execute_all
from ..source import figure_ledger, glossary_table
from ..words.load import WORDS
from .numbers_in_prose import Value, Values


@dataclass
class Book(BookSource):
    """A book with the executions of its chapters, by name; a chapter not run has none."""

    executions: dict[str, Execution] = field(default_factory=dict)

    @property
    def figures(self) -> int:
        return sum(
            result.figure is not None
            for execution in self.executions.values()
            for result in execution.results.values()
        )

    def values(self) -> Values:
        """All the names that pages may use."""
        values: dict[str, Value] = {
            "package": self.imprint.package,
            "version": self.imprint.version,
        }
        for package in ("torch", "matplotlib", "mkdocs", "mkdocs-material", "mkdocs-jupyter"):
            # Without what a builder added, such as the "+cpu" of a build of torch.
            values[package.replace("-", "_")] = version(package).partition("+")[0]
        values["python"] = platform.python_version()
        values["chapters"] = len(self.executions)
        values["figures"] = self.figures
        values["cells"] = sum(len(execution.results) for execution in self.executions.values())
        return Values(self.executions, values)


def run(source: BookSource, progress: Callable[[Progress], None], timeout: float = 120) -> Book:
    """Execute every chapter that the cache does not hold, and check pages against the results."""
    book = unexecuted(source)
    executions = execute_all(
        book.chapters.values(),
        cache=book.layout.cache,
        catalogue=book.catalogue,
        timeout=timeout,
        progress=progress,
    )
    book.executions = {execution.chapter.name: execution for execution in executions}
    drawn = {
        name: [result.label for result in execution.results.values() if result.figure]
        for name, execution in book.executions.items()
    }
    errors = language_parity.slugs(book.chapters, drawn)
    slugs = [label for labels in drawn.values() for label in labels]
    anchors = {
        name: page.anchors
        | (glossary_table.ids(book.terms) if page.glossary else set())
        | (set(book.library.ids) if page.reference else set())
        for name, page in book.pages[next(iter(WORDS))].items()
    }
    errors += figure_ledger.check(book.ledger, slugs, anchors)
    for language in WORDS:
        for page in book.pages[language].values():
            if page.chapter:
                errors += language_parity.captions(page, set(drawn[page.chapter]))
    if errors:
        raise PressErrors(errors)
    return book


def unexecuted(source: BookSource) -> Book:
    """The book before any chapter was executed."""
    return Book(**vars(source))
