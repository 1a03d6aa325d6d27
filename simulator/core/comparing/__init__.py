"""What differs between two payloads, or two runs."""
