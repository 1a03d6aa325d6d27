"""The challenges that webhooks answer before they get events."""
