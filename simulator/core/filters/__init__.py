"""Subscriber-defined filters: a text becomes a filter, which looks at events (8.2)."""
