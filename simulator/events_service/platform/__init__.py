"""Flow Service and Data Access: the targets of the links in notifications."""
