"""The two signing keys of this installation, and where consumers find public keys."""
