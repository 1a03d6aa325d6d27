"""The events service: what Adobe I/O Events does between a producer and a webhook.

One file is one thing it does. Doors (``web``) are handed a ``Service`` and call these; what
is remembered stands in ``stores``, what is decided in ``core``.
"""
