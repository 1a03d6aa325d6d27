"""Debug tracing: the record of every attempt."""
