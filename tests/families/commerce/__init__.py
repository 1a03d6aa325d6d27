"""Tests of the family of Adobe Commerce."""
