"""Sample events: what is posted to try a registration out (6.3)."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from ...core.event import Notification
from ...core.instant import spell
from ...core.json_reading import parse_body
from ..providers.model import Provider

_ENVELOPE = frozenset({"event", "event_id", "eventid", "recipient_client_id", "recipientclientid"})


def content_of(template: str) -> Any:
    """Return what a sample in base64 holds; raises ``ValueError`` if that is no JSON."""
    try:
        return parse_body(base64.b64decode(template))
    except ValueError as error:
        raise ValueError(f"JSON in UTF-8, in base64: {error}") from None


def of_platform(code: str, content: Any) -> Notification:
    """Return a notification of Adobe's own with this content.

    What a delivery wraps around it is taken off: an array of one, the envelope with its ids,
    or a CloudEvent.
    """
    if isinstance(content, list) and len(content) == 1 and _is_message(content[0]):
        content = content[0]
    content = _data(content)
    if _is_message(content):
        return Notification(code, "messages", content["messages"])
    if isinstance(content, dict) and "event" in content and content.keys() <= _ENVELOPE:
        content = content["event"]
    return Notification(code, "event", content)


def of_custom(
    provider: Provider, code: str, content: Any, producer_id: str, time: datetime
) -> Notification:
    """Return a notification of an organisation's own: a CloudEvent with this data."""
    attributes = {
        "specversion": "1.0",
        "id": producer_id,
        "source": provider.source,
        "type": code,
        "datacontenttype": "application/json",
        "time": spell(time),
        "data": _data(content),
    }
    return Notification(code, "cloud_event", attributes)


def _data(content: Any) -> Any:
    """Return the data of a CloudEvent, and anything else as it is."""
    is_event = isinstance(content, dict) and {"specversion", "data"} <= content.keys()
    return content["data"] if is_event else content


def _is_message(content: Any) -> bool:
    return isinstance(content, dict) and isinstance(content.get("messages"), list)
