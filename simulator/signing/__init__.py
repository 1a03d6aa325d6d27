"""Our two keys, and those who sign with them."""
