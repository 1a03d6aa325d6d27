"""Hostile text from everywhere: no command lets it through to a terminal."""
