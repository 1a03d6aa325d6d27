"""The scenario file: its schema, its mistakes, and changes from the command line."""
