"""What replay, check and show print or write: the table of formats, and what formats share.

A format is a file in ``formats``. Nothing here delivers, judges or parses a command line.
"""
