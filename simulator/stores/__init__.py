"""A shelf: one file is one thing the events service remembers, in SQLite.

Every store is handed the ``Database`` that all of them share. A store that writes is called
inside a transaction and takes its connection, so that several can write together or not at
all.
"""
