"""What is said about book and figures: citations, page heads, facts embedded in files.

In: records of figures, version and authors of the book. Out: BibTeX, RIS, CSL, tags of a page's
head, XMP and RDF. It uses `figures` and below.
"""
