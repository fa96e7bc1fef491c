"""Readers of the files that authors write: pages, chapter scripts, tables, the ledger.

In: one file, checked by itself. Out: a `Page`, a `Chapter` and which of its cells need which, the
terms, the messages of figures or the ledger of addresses. It uses `base` and below.
"""
