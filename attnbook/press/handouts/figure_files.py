"""All files of a figure, by what their names end in."""

from __future__ import annotations

from ..figure_data.data_tables import as_csv
from ..figures import svg_dark
from ..figures.figure import describe
from ..metadata import citation, embed_in_files
from ..metadata.citation import Citation
from ..source.figure_messages import Catalogue
from ..words.load import WORDS
from . import slides, teacher_kit
from .figure_on_page import Exhibit


def of(exhibit: Exhibit, catalogue: Catalogue) -> dict[str, bytes]:
    """The content of every file of ``exhibit``, such as ``svg`` or ``dark.svg``."""
    record = exhibit.record
    folder, stem = exhibit.execution.folder / "figures", f"{exhibit.slug}.{record.language}"
    made: dict[str, bytes] = {}
    drawing = (folder / f"{stem}.svg").read_text(encoding="utf-8")
    for kind, drawn in {
        "svg": svg_dark.adaptive(drawing),
        "dark.svg": svg_dark.dark(drawing),
    }.items():
        described = describe(drawn, record.caption, record.alt)
        made[kind] = embed_in_files.svg(described, record).encode()
    made["pdf"] = embed_in_files.pdf((folder / f"{stem}.pdf").read_bytes(), record)
    made["png"] = embed_in_files.png((folder / f"{stem}.png").read_bytes(), record)
    if exhibit.plotted.panels:
        # Marked as UTF-8, so that spreadsheets read Chinese.
        made["csv"] = b"\xef\xbb\xbf" + as_csv(exhibit.plotted, record.language, catalogue).encode()
    cited = citation.of_figure(record)
    made["pptx"] = slides.slide(record, made["png"], source(cited))
    for name, content in cited.files().items():
        made[name.rpartition(".")[2]] = content
    named = {f"{exhibit.slug}.{suffix}": content for suffix, content in made.items()}
    made["zip"] = teacher_kit.kit(record, named, texts(cited))
    return made


def source(cited: Citation) -> str:
    """The citation on a slide: in the one style that wants no day of access."""
    return cited.formatted("apa")


def texts(cited: Citation) -> dict[str, str]:
    """The citation in every style, by the name that readers know it by."""
    styles = WORDS[cited.language].cite.styles
    return {name: cited.formatted(style) for style, name in styles.items()}
