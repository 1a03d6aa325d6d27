"""Families of events, one file or folder each: how an event becomes a notification.

No module here knows how events are delivered.
"""
