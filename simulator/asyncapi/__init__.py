"""The AsyncAPI document of events: what a webhook gets, and what a journal has.

``frame.yaml`` is what all documents share; channels, messages and schemas follow from families.
"""
