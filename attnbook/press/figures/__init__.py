"""Drawings: a Matplotlib figure to SVG, PDF and PNG in every language, and their variants.

In: a figure, its messages. Out: files that are the same bytes every time; a `Record` of what
is said about them. It uses `source` and below.
"""
