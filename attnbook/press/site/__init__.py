"""The site: the generator for every language, search, side by side, root pages, put in place whole.

In: a staged `Book`. Out: the folder that is published. It uses `finishing`, `pages` and below.
"""
