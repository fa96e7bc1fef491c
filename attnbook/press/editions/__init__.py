"""The book in other forms, made of the built site: PDF, EPUB, offline zip; and one figure alone.

In: a built site, or a book and the name of a figure. Out: a file. It uses `site` and below.
"""
