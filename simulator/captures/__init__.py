"""Recorded requests: read, written, signed again and compared."""
