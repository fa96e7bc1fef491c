"""What a figure shows: its data as series and tables, claims about it, its long description.

In: a Matplotlib figure. Out: `Plotted`, CSV, sentences in the language of a page. It uses `source`
and below; the drawing itself is next door, in `figures`.
"""
