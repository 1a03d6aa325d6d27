"""A shelf: one file is one way to report a replay."""
