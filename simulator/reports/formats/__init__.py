"""One file, one report format, or a few that belong together; see ``format_table``.

Options are made of these files, so they import libraries and the rest of flowsim in functions.
"""
