"""Families of events, one a folder or file: what an event is and how it becomes a notification.

Nothing here knows how events are delivered.
"""
