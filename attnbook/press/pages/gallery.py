"""The gallery and the page of every figure, derived from pages, cells and what was drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from ..base.markdown import UNSEARCHED, escaped, fence, front_matter
from ..execution.cell_needs import needed
from ..execution.numbers_in_prose import Values
from ..figure_data.data_tables import as_table
from ..handouts import formats
from ..handouts.figure_on_page import Exhibit, ranges
from ..handouts.formats import FORMATS
from ..metadata import citation, citation_box, page_head
from ..receipts.published_releases import Release
from ..source.figure_messages import Catalogue
from ..words.load import WORDS
from . import verify_box

LINK_TARGET = re.compile(r"\]\((?!https?:)(?P<target>[^)]+)\)")


def overview(shown: Sequence[Exhibit], language: str) -> str:
    """The gallery: a card for every figure."""
    words = WORDS[language].gallery
    kinds = {exhibit.plotted.kind: words.kinds[exhibit.plotted.kind] for exhibit in shown}
    chapters = {exhibit.page.name: exhibit.page.meta["title"] for exhibit in shown}
    rows = [
        *front_matter({"title": words.title, "description": words.description}),
        f"# {words.title} {{#figures}}",
        "",
        words.intro.format(count=len(shown)),
        "",
        # Without scripts there is nothing to filter with: the style sheet hides it then.
        '<form class="gallery-filter">',
        *_choice("chapter", words.chapter, words.every, chapters),
        *_choice("kind", words.kind, words.every, kinds),
        f'<output aria-live="polite" data-text="{escape(words.count)}">'
        f"{words.count.format(shown=len(shown), total=len(shown))}</output>",
        "</form>",
        "",
        '<ul class="gallery">',
    ]
    for exhibit in shown:
        figure = exhibit.figure
        kind = escape(exhibit.plotted.kind)
        rows += [
            f'<li class="gallery-card" data-chapter="{exhibit.page.name}" data-kind="{kind}">',
            f'<a href="{exhibit.slug}/index.html">'
            f'<img src="{exhibit.slug}.svg" alt="" width="{round(figure.width)}" '
            f'height="{round(figure.height)}" loading="lazy" fetchpriority="low">'
            f'<span class="gallery-title">{escape(exhibit.record.title)}</span></a>',
            f'<span class="gallery-meta">{escape(exhibit.page.meta["title"])} · '
            f"{words.kinds[exhibit.plotted.kind]}</span>",
            "</li>",
        ]
    return "\n".join([*rows, "</ul>"]) + "\n"


def _choice(name: str, title: str, every: str, options: dict[str, str]) -> list[str]:
    return [
        f'<label>{title} <select name="{name}">',
        f'<option value="">{every}</option>',
        *(f'<option value="{escape(k)}">{escape(v)}</option>' for k, v in options.items()),
        "</select></label>",
    ]


def landing(
    exhibit: Exhibit,
    catalogue: Catalogue,
    values: Values,
    files: Mapping[str, bytes],
    releases: Mapping[str, Release],
    twins: Mapping[str, Mapping[str, bytes]],
    former: Sequence[str],
) -> str:
    """The page of one figure.

    ``files`` are its own by name and ``twins`` those of other languages; ``former`` are names that
    the figure had before.
    """
    language, slug = exhibit.page.language, exhibit.slug
    words = WORDS[language].gallery
    place = f"../../{exhibit.page.name}.md#fig-{slug}"
    record, figure = exhibit.record, exhibit.figure
    cited = citation.of_figure(record)
    suffixes = formats.listed(slug, list(files))
    addresses = {suffix: f"../{name}" for name, suffix in suffixes.items()}
    head = page_head.of_figure(record, cited, formats.linked(addresses))
    references = {suffix: href for suffix, href in addresses.items() if FORMATS[suffix].cites}
    meta = {"title": record.title, "description": record.alt, "verify": True}
    rows = [
        *front_matter(meta | {"head": head}),
        f"# {exhibit.record.title} {{#figure}}",
        "",
        f'<figure id="fig-{slug}" class="figure" markdown="1">',
        "",
        f"![{escaped(exhibit.record.alt)}](../{slug}.svg)"
        f'{{ width="{round(figure.width)}" height="{round(figure.height)}" }}',
        "",
        f'<figcaption markdown="span">{_from_below(exhibit)}</figcaption>',
        "",
        "</figure>",
        "",
        words.in_chapter.format(chapter=exhibit.page.meta["title"], place=place),
        f"{{ {UNSEARCHED} }}",
        "",
        f"## {words.alternative} {{#alternative-text}}",
        "",
        escaped(exhibit.record.alt),
        "",
        *_description(exhibit),
        *_data(exhibit, catalogue),
        *_code(exhibit, place),
        f"## {words.downloads} {{#downloads {UNSEARCHED}}}",
        "",
        *_downloads(addresses, language),
        *verify_box.box(record, files, releases, twins=twins, former_slugs=former).splitlines(),
        "",
        f"## {WORDS[language].cite.heading} {{#cite {UNSEARCHED}}}",
        "",
        citation_box.box(cited, language, files=references),
        "",
        f"## {words.licence} {{#licence {UNSEARCHED}}}",
        "",
        words.licence_text,
        "",
        *_provenance(exhibit, values),
    ]
    return "\n".join(rows) + "\n"


def _downloads(addresses: Mapping[str, str], language: str) -> list[str]:
    """A list of the files of a figure, each with what it is for; citations have a box."""
    rows = ['<ul class="figure-downloads">']
    for suffix, href in addresses.items():
        about = WORDS[language].formats[suffix]
        if not FORMATS[suffix].cites:
            link = f'<a href="{href}" download>{about.label}</a>'
            rows.append(f"<li>{link} <span>{about.use}</span></li>")
    return [*rows, "</ul>", ""]


def _from_below(exhibit: Exhibit) -> str:
    """The caption, its links as seen from two folders below its chapter."""

    def moved(match: re.Match[str]) -> str:
        target = match["target"]
        page = f"{exhibit.page.name}.md" if target.startswith("#") else ""
        return f"](../../{page}{target})"

    return LINK_TARGET.sub(moved, exhibit.caption)


def _description(exhibit: Exhibit) -> list[str]:
    if not exhibit.record.description:
        return []
    title = WORDS[exhibit.page.language].gallery.long_description
    return [f"## {title} {{#long-description}}", "", exhibit.record.description, ""]


def _data(exhibit: Exhibit, catalogue: Catalogue) -> list[str]:
    language = exhibit.page.language
    words = WORDS[language].gallery
    rows = [f"## {words.data} {{#data {UNSEARCHED}}}", ""]
    if not exhibit.plotted.panels:
        return [*rows, words.no_data, ""]
    header, sample, total = as_table(exhibit.plotted, language, catalogue)
    told = words.sample.format(shown=len(sample), total=total, csv=f"../{exhibit.slug}.csv")
    # What no row of the sample says, such as the name of the only series, needs no column.
    kept = [n for n in range(len(header)) if any(str(row[n]) for row in sample)]
    cells = [[_cell(row[n]) for n in kept] for row in (header, *sample)]
    table = [f"| {' | '.join(row)} |" for row in cells]
    table.insert(1, "| " + " | ".join("---" for _ in kept) + " |")
    # A box that scrolls has to be reached by keys.
    box = '<section class="figure-data" aria-labelledby="data" tabindex="0" markdown="1">'
    return [*rows, told, "", box, "", *table, "", "</section>", ""]


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|")


def _code(exhibit: Exhibit, place: str) -> list[str]:
    words = WORDS[exhibit.page.language].gallery
    chapter, label = exhibit.execution.chapter, exhibit.slug
    before = needed(chapter, label)
    rows = [
        f"## {words.code} {{#code {UNSEARCHED}}}",
        "",
        words.code_intro.format(label=label, place=place.replace("#fig-", "#cell-")),
        "",
    ]
    if before:
        rows += [
            '<details class="code" markdown="1">',
            f"<summary>{words.before.format(count=len(before))}</summary>",
            "",
            *fence("python", "\n\n\n".join(cell.source for cell in before)),
            "",
            "</details>",
            "",
        ]
    return [*rows, *fence("python", chapter[label].source), ""]


def _provenance(exhibit: Exhibit, values: Values) -> list[str]:
    record = exhibit.record
    words = WORDS[record.language].gallery
    commit = record.imprint.commit
    told = [
        words.cell.format(script=record.script, label=record.slug),
        words.seeds.format(seeds=ranges(record.seeds)) if record.seeds else words.no_seeds,
        words.made_with.format(**values.book),
        words.commit.format(commit=commit) if commit else "",
        words.digest.format(digest=record.digest) if record.digest else "",
        words.link.format(address=record.address)
        if record.address
        else words.local.format(address=record.path),
    ]
    return [
        f"## {words.provenance} {{#provenance {UNSEARCHED}}}",
        "",
        *(f"- {line}" for line in told if line),
        "",
    ]
