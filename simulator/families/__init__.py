"""A shelf: one file is one event family; the file's name is the family's name."""
