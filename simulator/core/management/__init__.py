"""What the management API is sent and tells: registrations, providers, metadata, traces (6, 7)."""
