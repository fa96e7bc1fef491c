"""What pages say: woven chapters, gallery and figure pages, notebooks, notes of references.

In: an executed `Book`. Out: plain Markdown, notebooks and files, staged for the site generator. It
uses `receipts`, `handouts`, `metadata` and below.
"""
