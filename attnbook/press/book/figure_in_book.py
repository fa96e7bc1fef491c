"""A figure of the book in one language, with all that its page and its files say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..base.imprint import Imprint
from ..execution.execute import Execution
from ..figure_data.data_tables import Plotted, describe, digest
from ..figures.figure_record import Record
from ..metadata import citation
from ..metadata.citation import Citation
from ..source.cell_needs import needed
from ..source.figure_messages import Catalogue
from ..source.page_reader import Page, Placement
from ..words.load import WORDS

LINK_TEXT = re.compile(r"\[([^\]]*)\]\([^)]*\)")
MARKS = re.compile(r"[*`$]|\\[a-z]+\b")


@dataclass(frozen=True)
class BookFigure:
    """A figure where a page places it.

    ``caption`` is Markdown, all texts of ``record`` are plain. ``plotted`` is what the figure
    shows, in its language. ``code`` is the cell that draws it, and ``code_before`` are the cells
    that it needs. ``drawings`` is the folder of what Matplotlib drew.
    """

    record: Record
    caption: str
    plotted: Plotted
    code: str
    code_before: tuple[str, ...]
    drawings: Path

    @property
    def citation(self) -> Citation:
        return citation.of_figure(self.record)

    def drawn(self, suffix: str) -> Path:
        """The drawing in the figure's language, as ``svg``, ``pdf`` or ``png``."""
        return self.drawings / f"{self.record.slug}.{self.record.language}.{suffix}"


def figure_at(
    placement: Placement, page: Page, execution: Execution, catalogue: Catalogue, imprint: Imprint
) -> BookFigure:
    """The figure that ``placement``, whose numbers are filled in, puts on ``page``."""
    chapter, label, language = execution.chapter, placement.label, page.language
    figure = execution.results[label].figure
    assert figure is not None  # language_parity.captions has refused a caption without a figure
    plotted = Plotted.load(execution.folder / "plotted" / f"{label}.json")
    record = Record(
        imprint=imprint,
        language=language,
        slug=label,
        kind=plotted.kind,
        title=plain(placement.title),
        caption=plain(placement.caption),
        alt=" ".join(placement.alt.split()),
        description=WORDS[language].files.between_sentences.join(
            describe(plotted, language, catalogue)
        ),
        chapter=str(page.meta["title"]),
        page=page.name,
        script="/".join(chapter.path.parts[-3:]),  # package/chapters/script.py, from any root
        seeds=seeds(execution, label),
        digest=digest(plotted) if plotted.panels else "",
        width=figure.width,
        height=figure.height,
    )
    return BookFigure(
        record,
        placement.caption,
        plotted.translated(lambda text: catalogue.translate(text, language)),
        chapter[label].source,
        tuple(cell.source for cell in needed(chapter, label)),
        execution.folder / "figures",
    )


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
