"""The SQLite file of a data folder."""
