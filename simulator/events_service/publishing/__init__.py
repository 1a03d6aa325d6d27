"""Brings published events to journals and deliveries."""
