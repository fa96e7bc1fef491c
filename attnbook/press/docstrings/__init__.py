"""The library as its docstrings describe it, read without importing it.

In: the package that the book comes with, and the modules of it that readers need. Out: a `Library`,
its public names with signature, source and the parts of their docstrings. It uses `base` and below.
"""
