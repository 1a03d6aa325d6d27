"""A shelf: one file is one way a notification may look; its name is the word in ``shape``."""

from __future__ import annotations

from ..core.notification import Notification


def reshape(shape: str, notification: Notification) -> Notification:
    """Return the notification in a shape; ``consistent`` is how families render it."""
    if shape == "consistent":
        return notification
    from . import as_documented

    return as_documented.reshape(notification)
