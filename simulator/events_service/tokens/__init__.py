"""Bearer tokens of callers."""
