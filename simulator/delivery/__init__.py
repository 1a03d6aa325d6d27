"""How deliveries reach a webhook: dispatcher, signers, HTTP client, transports.

Nothing here knows the events service, reports or checks.
"""
