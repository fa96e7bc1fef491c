"""The page at the root of the site: it offers both languages and remembers the reader's choice."""

from __future__ import annotations

from math import exp
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parents[2] / "docs" / "theme" / "root.html"
QUERIES, KEYS = 5, 26


def root_page() -> str:
    """The page, which needs nothing beside itself: styles, script and picture are inside."""
    return TEMPLATE.read_text(encoding="utf-8").replace("<!-- weights -->", _weights())


def weight(row: int, key: int) -> float:
    """The attention of a query, by its ``row`` in the ornament, to a key, unnormalised."""
    return exp(-((8 * (row / (QUERIES - 1) - key / (KEYS - 1))) ** 2) / 2)


def _weights() -> str:
    """The book's subject as an ornament: the attention weights of a few queries over their keys."""
    squares = [
        f'<rect x="{10 * key}" y="{10 * row}" width="9" height="9" rx="1.5"'
        f' opacity="{0.06 + 0.94 * weight(row, key):.2f}"/>'
        for row in range(QUERIES)
        for key in range(KEYS)
    ]
    size = f"{10 * KEYS - 1} {10 * QUERIES - 1}"
    return f'<svg viewBox="0 0 {size}" aria-hidden="true">{"".join(squares)}</svg>'
