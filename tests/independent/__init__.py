"""Webhooks written from Adobe's protocol alone, without a look at the checks of flowsim.

Five are correct. Each of the others is one of these with one mistake of section 10 of
docs/adobe/io-events-protocol.md. list.yaml names them all; starting.py starts one of them.
"""
