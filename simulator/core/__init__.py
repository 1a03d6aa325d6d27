"""The way of one event, step by step, in pure functions.

Nothing in here asks the clock, the disk, the network or the random generator: ids, times,
keys and random bytes come in as arguments, decisions go out as values.
"""
