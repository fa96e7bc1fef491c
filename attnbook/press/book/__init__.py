"""The book as its writers see it: executed, one `Edition` per language, nothing left to fill in.

In: a `BookSource` and the executions of its chapters. Out: a `Book`, and of it an `Edition` per
language, whose pages have their numbers and whose figures have their records. It uses `execution`,
`metadata` and below.
"""
