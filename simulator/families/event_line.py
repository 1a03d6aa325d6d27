"""What an event says, in a few words of its family: of any event, and never with an error."""

from __future__ import annotations

from typing import Any

from ..core.json_reading import parse_text
from ..core.printable import printable
from .registry import Families

LONGEST = 100
"""The most characters of what an event says."""

_MEMBERS = ("data", "event", "messages")
"""Where a request body holds the content of an event: one of them in each delivery format."""


def event_line(families: Families, code: str, content: Any) -> str:
    """Return what an event says in at most ``LONGEST`` printable characters; else nothing.

    Nothing is what events of unknown codes say, and those whose content makes no sense.
    """
    try:
        family = families.by_code(code)
        said = "" if family is None else printable(family.line(content))
    except MemoryError:
        raise
    except Exception:  # the content may be anything, and a family may be of another package
        return ""
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def body_line(families: Families, code: str, body: bytes) -> str:
    """Return what the first event in a request body says, and how many more events there are."""
    try:
        content = parse_text(body.decode("utf-8"))
    except ValueError:
        return ""
    elements = content if isinstance(content, list) and content else [content]
    said = event_line(families, code, _content_in(elements[0]))
    more = f", and {len(elements) - 1:,} more" if said and len(elements) > 1 else ""
    return said + more


def _content_in(element: Any) -> Any:
    """Return the content of an event as its family knows it, without the envelope."""
    held = element if isinstance(element, dict) else {}
    content = next((held[name] for name in _MEMBERS if name in held), None)
    if isinstance(content, dict) and [*content] == ["messages"]:  # a CloudEvent holds them so
        return content["messages"]
    return content
