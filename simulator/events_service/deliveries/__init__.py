"""Deliveries under way: agenda, attempts, what they came to."""
