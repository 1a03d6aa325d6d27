"""The journal of each registration: positions, pages and links."""
