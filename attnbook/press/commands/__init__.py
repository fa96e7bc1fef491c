"""What a person types: one file a command.

In: arguments. Out: an exit status, and words about what was done. It uses all rooms below.
"""
