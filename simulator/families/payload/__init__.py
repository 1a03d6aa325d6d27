"""The family of raw payloads: any JSON that a scenario states under ``payload``."""
