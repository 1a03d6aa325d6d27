"""The fields of events: read from tables, as JSON Schema, compared with captured events.

No module here knows what a story is.
"""
