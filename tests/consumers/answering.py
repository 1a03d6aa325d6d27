"""What every framework does with a webhook of this folder."""

from __future__ import annotations

from .correct import Answer, CorrectConsumer, Request


def answer(webhook: CorrectConsumer, request: Request) -> Answer:
    """Return the answer of a webhook; one that crashes answers 500, as in any framework."""
    try:
        return webhook.handle(request)
    except Exception as error:
        return 500, "text/plain", type(error).__name__
