"""The pull side: positions in a journal, and pages of it (io-events-protocol.md 5)."""
