"""A shelf: one file describes what one blueprint serves, for the OpenAPI document.

Bodies are the models that requests are read into; a test holds files and routes in step.
"""
