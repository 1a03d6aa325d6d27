"""A lean HTTP/1.1 client: POST over kept connections, bytes exactly as given, nothing added.

It follows no redirect, keeps no cookie, asks for no proxy and tries nothing again.
"""
