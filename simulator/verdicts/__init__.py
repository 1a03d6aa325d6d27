"""A shelf: one file is one way to show what the checks of a webhook came to."""
