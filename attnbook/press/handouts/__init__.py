"""Files that readers take away: every format of a figure, slides, kits, the index for machines.

In: figures of an `Edition`. Out: bytes by file name, one figure or all. It uses `book`, `metadata`
and below.
"""
