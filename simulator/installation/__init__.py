"""What belongs to this installation: keys, certificate authority, settings, files."""
