"""Words for readers, in every language of the book.

In: nothing. Out: the words of one language, by name. It uses no other room.
"""
