"""Requests that were captured, and the files that hold them."""
