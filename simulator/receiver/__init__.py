"""The receiving stub and the key host."""
