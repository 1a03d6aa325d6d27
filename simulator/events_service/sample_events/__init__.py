"""Sample events: read, or posted to one registration."""
