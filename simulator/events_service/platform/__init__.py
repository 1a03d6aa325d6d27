"""The targets of links in notifications: entities of any family, and their paths."""
