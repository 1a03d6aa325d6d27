"""A shelf: one file is one way to reach a webhook."""
