"""Chapters executed: cells run in a kernel of their own, results kept by what they depend on.

In: chapters and the message catalogue. Out: an `Execution` of each: what its cells printed, drew
and computed. It uses `figures`, `figure_data` and below.
"""
