"""Each file has one report format, or a few similar ones; ``format_table`` explains them.

Options are made of these files, so they import libraries and the rest of flowsim in functions.
"""
