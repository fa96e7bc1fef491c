"""The whole site as a research object: ro-crate-metadata.json, as RO-Crate wants it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..base import licences
from ..words.load import WORDS
from . import figure_index

NAME = "ro-crate-metadata.json"
# The version whose context the rocrate library carries: it can be read without a network.
VERSION = "https://w3id.org/ro/crate/1.3"
DESCRIPTION = (
    "A reproducible book. Every figure comes in {languages}, as files for print, slides and the "
    "web, with its data and citations, and is drawn by one cell of a chapter's script."
)
BOOK = "./"


def crate(site: Path) -> str:
    """What `NAME` at the root of the built ``site`` says.

    It is made from the indexes of the figures and the wheel in ``dist/``, which have to be there.

    Raises
    ------
    PressError
        If the site has no index of the figures in one of the languages.
    """
    indexes = figure_index.load(site)
    book = next(iter(indexes.values()))["book"]
    folders = [_folder(language) for language in indexes]
    wheels = [_wheel(site, path, book) for path in sorted((site / "dist").glob("*.whl"))]
    files = [one for language in indexes for one in _files(site, language, indexes[language])]
    for folder in folders:
        folder["hasPart"] = [_to(one) for one in files if one["@id"].startswith(folder["@id"])]
    steps = _steps(indexes)
    authors = [
        {"@id": f"#author-{number}", "@type": "Organization", "name": name}
        for number, name in enumerate(book["authors"], 1)
    ]
    root = {
        "@id": BOOK,
        "@type": "Dataset",
        "name": " / ".join(index["book"]["title"] for index in indexes.values()),
        "description": DESCRIPTION.format(
            languages=" and in ".join(WORDS[language].english for language in indexes)
        ),
        "datePublished": book["date"],
        "version": book["version"],
        "inLanguage": list(indexes),
        "author": [_to(author) for author in authors],
        "license": {"@id": book["licence"]},
        **({"url": f"{book['address']}/"} if book["address"] else {}),
        "hasPart": [_to(part) for part in (*folders, *wheels)],
        "mentions": [_to(step) for step in steps if step["@type"] == "CreateAction"],
    }
    software = {
        "@id": f"#{book['package']}",
        "@type": "SoftwareApplication",
        "name": book["package"],
        "softwareVersion": book["version"],
        **({"version": book["commit"]} if book["commit"] else {}),
        "license": {"@id": book["code_licence"]},
    }
    used = [
        {"@id": address, "@type": "CreativeWork", "name": licences.at(address).name}
        for address in dict.fromkeys((book["licence"], book["code_licence"]))
    ]
    descriptor = {
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": VERSION},
        "about": {"@id": BOOK},
    }
    graph = [descriptor, root, *folders, *files, *wheels, software, *steps, *authors, *used]
    crate = {"@context": f"{VERSION}/context", "@graph": graph}
    return json.dumps(crate, ensure_ascii=False, indent=1) + "\n"


def _to(entity: Mapping[str, Any]) -> dict[str, str]:
    return {"@id": entity["@id"]}


def _folder(language: str) -> dict[str, Any]:
    return {
        "@id": f"{language}/figures/",
        "@type": "Dataset",
        "name": f"Figures in {WORDS[language].english}",
        "inLanguage": language,
    }


def _files(site: Path, language: str, index: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files of all figures in one language, its index first."""
    folder = f"{language}/figures"
    of_index = _file(
        site, f"{folder}/{figure_index.NAME}", "application/json", "Index for machines"
    )
    of_index["conformsTo"] = {"@id": f"{folder}/{figure_index.SCHEMA}"}
    of_schema = _file(
        site,
        f"{folder}/{figure_index.SCHEMA}",
        "application/schema+json",
        "JSON Schema of the index",
    )
    entities = [of_index, of_schema]
    for figure in index["figures"]:
        for number, file in enumerate(figure["files"]):
            entity = {
                "@id": f"{folder}/{file['name']}",
                "@type": "File",
                "name": f"{figure['title']} ({file['role']})",
                "encodingFormat": file["type"],
                "contentSize": str(file["bytes"]),
                "sha256": file["sha256"],
            }
            if number == 0:
                # Once for each figure: all of its files show the same.
                entity["description"] = figure["alt"]
                if figure["permalink"]:
                    entity["identifier"] = figure["permalink"]
            entities.append(entity)
    return entities


def _wheel(site: Path, path: Path, book: Mapping[str, Any]) -> dict[str, Any]:
    name = f"The Python package {book['package']} {book['version']}"
    wheel = _file(site, path.relative_to(site).as_posix(), "application/zip", name)
    return {**wheel, "license": {"@id": book["code_licence"]}}


def _file(site: Path, path: str, kind: str, name: str) -> dict[str, Any]:
    content = (site / path).read_bytes()
    return {
        "@id": path,
        "@type": "File",
        "name": name,
        "encodingFormat": kind,
        "contentSize": str(len(content)),
        "sha256": figure_index.sha256(content),
    }


def _steps(indexes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Which cell drew which files: an action for each figure, in all languages, and its code."""
    index = next(iter(indexes.values()))
    first, book = index["figures"], index["book"]
    software = f"#{book['package']}"
    code = {"programmingLanguage": "Python", "license": {"@id": book["code_licence"]}}
    scripts = {figure["cell"].split("#")[0] for figure in first}
    entities: list[dict[str, Any]] = [
        {"@id": f"#{script}", "@type": "SoftwareSourceCode", "name": script, **code}
        for script in sorted(scripts)
    ]
    for figure in first:
        slug, script = figure["slug"], figure["cell"].split("#")[0]
        results = [
            {"@id": f"{language}/figures/{file['name']}"}
            for language, index in indexes.items()
            for other in index["figures"]
            if other["slug"] == slug
            for file in other["files"]
        ]
        cell = {
            "@id": f"#cell-{slug}",
            "@type": "SoftwareSourceCode",
            "name": f"Cell {slug} of {script}",
            **code,
            "isPartOf": {"@id": f"#{script}"},
        }
        action = {
            "@id": f"#draw-{slug}",
            "@type": "CreateAction",
            "name": f"Draw {slug}",
            "instrument": {"@id": software},
            "object": _to(cell),
            "result": results,
        }
        entities += [cell, action]
    return entities
