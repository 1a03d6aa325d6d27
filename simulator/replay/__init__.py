"""``flowsim replay``: stories delivered to a webhook, reported, and judged."""
