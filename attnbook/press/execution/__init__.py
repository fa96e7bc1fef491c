"""Chapters executed: cells run in a kernel of their own, results kept by what they depend on.

In: a `BookSource`. Out: a `Book` with executions, and the values that prose may name. It uses
`figures`, `figure_data` and below.
"""
