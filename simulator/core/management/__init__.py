"""The management APIs: registrations, providers, metadata, traces (io-events-protocol.md 6, 7)."""
