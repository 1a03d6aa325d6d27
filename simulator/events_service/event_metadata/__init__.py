"""Event metadata: the event codes of a provider."""
