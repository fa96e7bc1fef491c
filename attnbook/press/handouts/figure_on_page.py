"""A figure of the book in one language, with all that its page tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..base.imprint import Imprint
from ..execution.execute import Execution
from ..execution.numbers_in_prose import Values
from ..figure_data.data_tables import Plotted, describe, digest
from ..figures.figure import Figure
from ..figures.figure_record import Record
from ..source.cell_needs import needed
from ..source.figure_messages import Catalogue
from ..source.page_reader import Page, Placement
from ..words.load import WORDS

LINK_TEXT = re.compile(r"\[([^\]]*)\]\([^)]*\)")
MARKS = re.compile(r"[*`$]|\\[a-z]+\b")


@dataclass(frozen=True)
class Exhibit:
    """A figure on ``page``; ``caption`` is Markdown, all texts of ``record`` are plain."""

    page: Page
    execution: Execution
    figure: Figure
    plotted: Plotted
    caption: str
    record: Record

    @property
    def slug(self) -> str:
        return self.figure.slug


def exhibits(
    page: Page, execution: Execution, values: Values, catalogue: Catalogue, imprint: Imprint
) -> list[Exhibit]:
    """The figures of ``page``, in its order."""
    return [
        exhibit(page, placement, execution, values, catalogue, imprint)
        for placement in page.placements
        if execution.results[placement.label].figure
    ]


def exhibit(
    page: Page,
    placement: Placement,
    execution: Execution,
    values: Values,
    catalogue: Catalogue,
    imprint: Imprint,
) -> Exhibit:
    """The figure that ``placement`` puts on ``page``."""
    figure = execution.results[placement.label].figure
    assert figure is not None  # parity.captions has refused a caption without a figure

    def fill(text: str) -> str:
        return values.fill(text, chapter=page.chapter, path=page.path, line=placement.line)

    plotted = Plotted.load(execution.folder / "plotted" / f"{figure.slug}.json")
    caption = fill(placement.caption)
    record = Record(
        imprint=imprint,
        language=page.language,
        slug=figure.slug,
        kind=plotted.kind,
        title=plain(placement.title),
        caption=plain(caption),
        alt=" ".join(fill(placement.alt).split()),
        description=WORDS[page.language].files.between_sentences.join(
            describe(plotted, page.language, catalogue)
        ),
        chapter=str(page.meta["title"]),
        page=page.name,
        script=f"attnbook/chapters/{execution.chapter.path.name}",
        seeds=seeds(execution, figure.slug),
        digest=digest(plotted) if plotted.panels else "",
        width=figure.width,
        height=figure.height,
    )
    return Exhibit(page, execution, figure, plotted, caption, record)


def plain(markdown: str) -> str:
    """``markdown`` without its marks."""
    return MARKS.sub("", LINK_TEXT.sub(r"\1", " ".join(markdown.split())))


def seeds(execution: Execution, label: str) -> tuple[int, ...]:
    """Every seed that the cell ``label`` and those it needs gave to a generator, in order."""
    cells = [*(cell.label for cell in needed(execution.chapter, label)), label]
    return tuple(sorted({seed for cell in cells for seed in execution.results[cell].seeds}))


def ranges(numbers: tuple[int, ...]) -> str:
    """Increasing ``numbers`` as a reader likes them: ``0–19, 100``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
