"""Addresses: of pages that the press writes itself, and of a service that runs notebooks."""

from __future__ import annotations

from urllib.parse import quote

GALLERY = "figures/index.md"  # in the folder of a language
COLAB = "https://colab.research.google.com/#fileId="


def colab(notebook: str) -> str:
    """Where the published ``notebook`` runs without an installation; empty if it is nowhere."""
    return COLAB + quote(notebook, safe="/") if notebook else ""
