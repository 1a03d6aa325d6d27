"""The events service: what Adobe I/O Events does between a producer and a webhook."""
