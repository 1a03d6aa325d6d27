"""The family of custom events: a code and a body of one's own, by a provider of one's own.

It is written in Python, since its content is whatever the entry says, and its codes are not known
before.
"""
