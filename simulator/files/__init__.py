"""YAML and text files as values, with the place of every value."""
