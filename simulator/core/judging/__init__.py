"""What a check of a webhook sends, sees, and says of it."""
