"""Registrations: a consumer's subscriptions."""
