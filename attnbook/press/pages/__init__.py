"""What pages say: woven chapters, gallery and figure pages, notebooks, notes of references.

In: an `Edition` of each language. Out: plain Markdown, notebooks and files, staged for the site
generator. It uses `receipts`, `handouts`, `book` and below.
"""
