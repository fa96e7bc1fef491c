"""Addresses of pages that the press writes itself, in the folder of a language."""

GALLERY = "figures/index.md"
