"""The page of scenarios: those that are shipped, those of a folder, and their runs."""
