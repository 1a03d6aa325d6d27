"""What programs and tests in Python use: stories, replays, checks, a receiver, the service."""
