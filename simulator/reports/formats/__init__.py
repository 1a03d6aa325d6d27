"""One file, one report format; see ``reports.format_table``.

Options are made of these files, so they import libraries and the rest of flowsim in functions.
"""
