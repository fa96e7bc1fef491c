"""The notebook edition of a chapter: prose in one language, all code, all outputs."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import nbformat
from markdown.extensions.toc import nest_toc_tokens
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from ..base.imprint import Imprint
from ..book.edition import Edition
from ..execution.execute import Execution
from ..source.page_reader import HEADING, LINK, Page, Placement
from ..words.load import WORDS

ATTRIBUTES = re.compile(r"(?<=[)\]*`\w。 ])\{:? *[.#][^{}]*\}|^\{:? *[.#][^{}]*\}$")
ADMONITION = re.compile(r"^!!! +\w+(?: +\"(?P<title>[^\"]*)\")? *$")
RENDERED = re.compile(
    r"<h(?P<level>[1-6])\b[^>]*>(?P<text>.*?)<a id=\"(?P<id>[^\"]+)\"></a>", re.DOTALL
)
SUMMARY = re.compile(r"^<summary>(?P<title>.*)</summary>$")


def compose(page: Page, edition: Edition) -> str:
    """The notebook of ``page``, which has a chapter, as the text of an .ipynb file."""
    execution = edition.executions[page.chapter or ""]
    words, imprint = WORDS[page.language].page, edition.imprint
    intro = words.notebook_intro.format(
        book=imprint.title(page.language), title=page.meta["title"], edition=imprint.edition
    )
    install = words.install.format(package=imprint.package)
    title = page.headings[0]
    heading = _prose(page, [(title.line, page.lines[title.line - 1])], imprint)
    cells = [
        new_markdown_cell(f"{heading}\n\n{intro}\n\n{install}", id="edition"),
        new_code_cell(_install(page, imprint), id="install"),
    ]
    placements = {placement.line: placement for placement in page.placements}
    prose: list[tuple[int, str]] = []
    folded: list[str] = []  # the titles of what is folded here, one for each cell of prose so far

    def flush() -> None:
        text = _prose(page, prose, imprint)
        if text and folded:
            text = _folded(text, folded)
        if text:
            cells.append(new_markdown_cell(text, id=f"prose-{len(cells)}"))
        prose.clear()

    number = page.start
    count = 0
    while number < len(page.lines):
        line, row = number + 1, page.lines[number]
        if line in placements:
            flush()
            count += 1
            made = _cell(page, placements[line], execution, edition, count)
            cells += [_hidden(cell, folded) for cell in made] if folded else made
            number = placements[line].end
            continue
        if line not in page.fenced and row.startswith(("<details", "</details")):
            flush()
            folded.clear()
        elif line not in page.fenced and (summary := SUMMARY.match(row)):
            folded.append(summary["title"])
        elif line != title.line:
            prose.append((line, row))
        number += 1
    flush()
    notebook = new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            "title": page.meta["title"],
        },
    )
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def _folded(text: str, titles: list[str]) -> str:
    """``text`` as it is folded in a notebook; a later part of the same says so in its title."""
    part = f" ({len(titles)})" if len(titles) > 1 else ""
    summary = f"{titles[0]}{part}"
    titles.append(titles[0])
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"


def _hidden(cell: nbformat.NotebookNode, titles: list[str]) -> nbformat.NotebookNode:
    """A cell of what is folded: its code and outputs show when somebody asks for them."""
    if cell.cell_type == "code":
        cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
    else:
        cell.source = _folded(cell.source, titles)
    return cell


def _install(page: Page, imprint: Imprint) -> str:
    """A cell that brings the package where it is missing, or says what to do."""
    rows = [
        "import importlib.util",
        "import subprocess",
        "import sys",
        "from pathlib import Path",
        "",
        f'wheel = "{imprint.wheel}"',
        f'if importlib.util.find_spec("{imprint.module}") is None:',
        "    if not Path(wheel).exists():",
    ]
    if imprint.address:
        rows.append(f'        wheel = f"{imprint.address}/dist/{{wheel}}"')
    else:
        message = WORDS[page.language].page.no_address.format(wheel=imprint.wheel)
        quoted = json.dumps(message, ensure_ascii=False)
        rows.append(f"        raise ModuleNotFoundError({quoted})")
    # In plain Python, which every converter of notebooks keeps; %pip is left out by some.
    rows += [
        '    install = [sys.executable, "-m", "pip", "install", "--quiet", wheel]',
        "    subprocess.run(install, check=True)",
    ]
    return "\n".join(rows)


def _cell(
    page: Page,
    placement: Placement,
    execution: Execution,
    edition: Edition,
    count: int,
) -> list[nbformat.NotebookNode]:
    result = execution.results[placement.label]
    outputs = []
    if result.text:
        outputs.append(new_output("stream", name="stdout", text=result.text))
    after = []
    if result.figure:
        figure = edition.figures[placement.label]
        record, png = figure.record, figure.drawn("png")
        outputs.append(
            new_output(
                "display_data",
                data={"image/png": base64.b64encode(png.read_bytes()).decode("ascii")},
                metadata={
                    "image/png": {
                        "width": round(record.width),
                        "height": round(record.height),
                        "alt": record.alt,
                    }
                },
            )
        )
        caption = f"> {_linked(page, figure.caption, edition.imprint)}"
        after.append(new_markdown_cell(caption, id=f"{placement.label}-caption"[:64]))
    code = new_code_cell(
        execution.chapter[placement.label].source,
        id=placement.label[:64],
        execution_count=count,
        outputs=outputs,
    )
    if placement.fold:
        code.metadata["jupyter"] = {"source_hidden": True}
    return [code, *after]


def _prose(page: Page, rows: list[tuple[int, str]], imprint: Imprint) -> str:
    """Markdown that any notebook reads: no attribute lists, no admonitions."""
    out: list[str] = []
    quoted = False
    for line, row in rows:
        if line in page.fenced:
            out.append(row)
            continue
        quoted = quoted and (row.startswith("    ") or not row.strip())
        if quoted:
            row = f"> {row[4:]}".rstrip()
        elif admonition := ADMONITION.match(row):
            quoted = True
            row = f"> **{admonition['title'] or ''}**"
        elif heading := HEADING.match(row):
            row = f'{heading["marks"]} {heading["text"]} <a id="{heading["id"]}"></a>'
        else:
            row = ATTRIBUTES.sub("", row)
        out.append(_linked(page, row, imprint))
    return "\n".join(out).strip()


def _linked(page: Page, text: str, imprint: Imprint) -> str:
    """Links of the book, as seen from a notebook: headings stay, the rest leads to the site."""
    ids = {heading.id for heading in page.headings}

    def link(match: re.Match[str]) -> str:
        target = match["target"]
        name, _, anchor = target.partition("#")
        if "://" in target or (not name and anchor in ids):
            return match[0]
        base = f"{imprint.address}/{page.language}" if imprint.address else ".."
        address = f"{base}/{name.removesuffix('.md') if name else page.name}.html"
        return match[0].replace(f"({target}", f"({address}{'#' + anchor if anchor else ''}")

    return LINK.sub(link, text)


def contents(html: str) -> list[Any]:
    """The table of contents of a rendered notebook, as Markdown's toc extension nests it."""
    return nest_toc_tokens(
        [
            {
                "level": int(match["level"]),
                "id": match["id"],
                # As pages have it: the last pass sets the maths in labels, too.
                "name": re.sub(r"\$([^$]+)\$", r"\\(\1\\)", match["text"].strip()),
            }
            for match in RENDERED.finditer(html)
        ]
    )
