"""Receipts: what a figure was when somebody last looked at it, and whether it still is that.

In: an executed `Book`, recorded receipts and releases. Out: verdicts, pictures of differences. It
uses `handouts` and below.
"""
