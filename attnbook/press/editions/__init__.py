"""The book in other forms, made of the built site: PDF, by Chromium, EPUB, zip; one figure alone.

In: a built site, or a book and the name of a figure. Out: a file. It uses `site` and below.
"""
