"""The local authority, and whose certificates are trusted."""
