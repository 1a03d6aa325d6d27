"""Defaults of deliveries; the help of commands prints them too."""

CLOCK = "fast"
"""The clock of a replay: waits are skipped."""

CONCURRENCY = 64
"""Attempts under way at once."""

TIMEOUT = 10.0
"""Seconds for a whole attempt (io-events-protocol.md 4.1)."""

SETTLE = 3.0
"""Seconds that a webhook may take to process the next of what it has acknowledged."""

TIME_LIMIT = 600.0
"""Seconds of real time that all checks of one run may take together."""

KEYS_PORT = 4020
"""Where public keys are served, by every command that serves them."""
