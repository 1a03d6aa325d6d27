"""Subscriber-defined filters of registrations."""
