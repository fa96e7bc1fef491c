"""A note: what a reference leads to, and how notes travel from the stage to the finished pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

ROOT = "~/"  # stands for the way to the folder of the language, in addresses of notes


@dataclass(frozen=True)
class Note:
    """``html`` with formulas that are yet to be set, and addresses that begin with `ROOT`."""

    kind: str
    html: str


def dump(notes: Mapping[str, Note]) -> str:
    """``notes`` as JSON, for the last pass."""
    rows = {address: [note.kind, note.html] for address, note in notes.items()}
    return json.dumps(rows, ensure_ascii=False, indent=0) + "\n"


def load(text: str) -> dict[str, Note]:
    """What `dump` wrote."""
    return {address: Note(*row) for address, row in json.loads(text).items()}
