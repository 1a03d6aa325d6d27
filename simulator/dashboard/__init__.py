"""The dashboard: pages that show every notification, and the formats without a network."""
