"""The state store of App Builder."""
