"""The book as its authors wrote it: all files read, and held against each other.

In: the paths of a book. Out: a `BookSource` whose languages, cells, links, terms and punctuation
agree, or every mistake with file, line and mend. It uses `source` and below.
"""
