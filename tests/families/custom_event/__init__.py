"""Tests of the family of custom events."""
