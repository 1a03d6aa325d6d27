"""Families that are data: one YAML file says what its events are, and no Python is written.

Here lives what reads such a file, and what tells stories with it. Files come from users, so
everything in them is bounded by counting, and expressions reach nothing of Python. The YAML files
themselves are in the folder above. ``reading.read_family`` is the entry.
"""
