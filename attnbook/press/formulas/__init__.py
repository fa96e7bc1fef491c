"""Formulas: TeX to HTML by KaTeX, the styles and fonts that this HTML needs, TeX to plain text.

In: TeX, and finished pages. Out: HTML, style rules, fonts cut to the characters in use. It uses
`base` and below.
"""
