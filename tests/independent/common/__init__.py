"""What the webhooks in Flask, FastAPI and Django share."""
