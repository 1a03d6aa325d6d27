"""JSON as it is written and read: compact, to be looked at, strictly, merged."""
