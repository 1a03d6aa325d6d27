"""Webhooks written from Adobe's protocol alone, without a look at the checks of flowsim.

Five are correct. Each of the others is one of these with one mistake of
docs/adobe/io-events-protocol.md 10 or flow-run-payloads.md 7.4. list.yaml names them all;
starting.py starts one of them.
"""
