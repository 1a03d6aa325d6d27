"""Providers of events, and the event codes of each."""
