"""Words for readers, in every language of the book.

In: `zh.toml`, `en.toml`, one file a language. Out: `load.WORDS`, by the code of the language, with
the closed set of keys that `keys` lists. It uses no other room.
"""
