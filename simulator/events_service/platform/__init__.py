"""What the links of a notification lead to."""
