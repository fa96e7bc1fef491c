"""The ornament of root page and cards: attention weights of a few queries over their keys."""

from __future__ import annotations

from math import exp

QUERIES, KEYS = 5, 26


def weight(row: int, key: int) -> float:
    """The attention of a query, by its ``row`` in the ornament, to a key, unnormalised."""
    return exp(-((8 * (row / (QUERIES - 1) - key / (KEYS - 1))) ** 2) / 2)
