"""A shelf: one file is one way a notification may look; its name is the word in ``shape``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

from ..core.notification import Notification

RENDERED = "consistent"
"""The shape in which families render notifications."""

_Reshape = Callable[[Notification], Notification]


def reshape(shape: str, notification: Notification) -> Notification:
    """Return the notification in a shape."""
    return notification if shape == RENDERED else _find(shape)(notification)


@cache
def _find(shape: str) -> _Reshape:
    reshape: _Reshape = import_module(f".{shape.replace('-', '_')}", __name__).reshape
    return reshape
