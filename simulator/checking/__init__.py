"""Checks a webhook: everything is sent first, then the webhook's work is looked at and judged."""
