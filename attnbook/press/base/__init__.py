"""What every room stands on: errors, safe files, paths of a book, addresses, Node tools.

In: a book's root and the machine. Out: paths, checked files, version and date of the book. It uses
`words` only, and knows neither pages nor figures.
"""
