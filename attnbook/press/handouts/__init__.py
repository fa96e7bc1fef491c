"""Files that readers take away: every format of a figure, slides, kits, the index for machines.

In: an executed `Book`. Out: bytes by file name, one figure or all. It uses `metadata`, `execution`
and below.
"""
