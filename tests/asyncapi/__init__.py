"""The AsyncAPI document: what it says of families, and who can read it."""
