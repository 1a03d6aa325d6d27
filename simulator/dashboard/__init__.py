"""The pages of ``flowsim up`` and ``flowsim receive``: what a browser shows of the service.

Pages call the functions that the API and the commands call. They hold no rule of their own.
"""
