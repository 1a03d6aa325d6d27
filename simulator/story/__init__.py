"""A scenario with seed and beginning, as events and payloads in order of story time."""
