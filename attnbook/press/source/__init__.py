"""Single files of a book, each read and checked by itself: pages, chapter scripts, tables.

In: a file. Out: a `Page`, a `Chapter`, terms, messages of figures, the ledger of addresses. It uses
`base` and below.
"""
