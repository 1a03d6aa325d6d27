"""What an event says, in a few words and as a result: of any event, and never with an error."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from ..core.envelope import EVENT_IDS
from ..core.json_reading import parse_text
from ..core.payload import Payload
from ..core.printable import printable
from .base import RESULTS, Family
from .registry import Families

LONGEST = 100
"""The most characters of what an event says."""

_MEMBERS = ("data", "event", "messages")
"""Where a request body holds the content of an event: one of them in each delivery format."""


def event_line(families: Families, code: str, content: Any) -> str:
    """Return what an event says in at most ``LONGEST`` printable characters; else nothing.

    An event whose code no family has says what a custom event would. Nothing is what those say
    whose content makes no sense.
    """
    return _cut(_ask(families, code, lambda family: printable(family.line(content))))


def line_with_reason(families: Families, code: str, content: Any) -> str:
    """Return what an event says as ``event_line`` does, and why if it says a failure."""
    line = event_line(families, code, content)
    why = _ask(families, code, lambda family: printable(family.reason(content)))
    return _cut(", ".join(filter(None, (line, why))))


def event_result(families: Families, code: str, content: Any) -> str:
    """Return the result that an event says: ``success``, ``partial``, ``failed``, or nothing.

    Nothing is what events of unknown codes say, and those whose content makes no sense.
    """
    result = _ask(families, code, lambda family: family.result(content))
    return result if result in RESULTS else ""


def _ask(families: Families, code: str, question: Callable[[Family], str]) -> str:
    """Return what the family of a code answers, or one like it; nothing if it cannot."""
    try:
        family = families.nearest(code)
        return "" if family is None else question(family)
    except MemoryError:
        raise
    except Exception:  # the content may be anything, and a family may be of another package
        return ""


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def body_result(families: Families, code: str, body: bytes) -> str:
    """Return the worst result that the events in a request body say, or nothing."""
    return worst_result([event_result(families, code, each) for each in contents_of(body)])


def worst_result(results: Collection[str]) -> str:
    """Return the worst of some results, nothing if there is none."""
    return next((each for each in reversed(RESULTS) if each in results), "")


def batch_line(first: str, results: Sequence[str]) -> str:
    """Return what a batch says: how many of its events are no success, in words.

    ``first`` is what its first event says; of a batch without such events it stands for all.
    ``results`` has one for each event.
    """
    counts = ((results.count(each), each) for each in RESULTS[1:])
    bad = ", ".join(f"{count:,} {each}" for count, each in counts if count)
    return (
        f"{bad} of {len(results):,}" if bad and len(results) > 1 else _counted(first, len(results))
    )


def payload_line(families: Families, payload: Payload) -> str:
    """Return what the first event of a request says, and how many more events there are."""
    first = payload.events[0].notification
    if first.content is None:  # as it was captured
        return body_line(families, first.event_code, payload.body)
    content = first.content.get("data") if first.member == "cloud_event" else first.content
    return _counted(event_line(families, first.event_code, content), len(payload.events))


def body_line(families: Families, code: str, body: bytes) -> str:
    """Return what the first event in a request body says, and how many more events there are."""
    contents = contents_of(body)
    return _counted(event_line(families, code, contents[0]), len(contents))


def contents_of(body: bytes) -> list[Any]:
    """Return the content of each event in a request body, at least one: None if it has none."""
    try:
        content = parse_text(body.decode("utf-8"))
    except ValueError:
        return [None]
    elements = content if isinstance(content, list) and content else [content]
    return [_content_in(each) for each in elements]


def _counted(said: str, events: int) -> str:
    return said + (f", and {events - 1:,} more" if said and events > 1 else "")


def _content_in(element: Any) -> Any:
    """Return the content of an event as its family knows it, without the envelope."""
    held = element if isinstance(element, dict) else {}
    is_bare = bool(held) and not held.keys() & {"specversion", *EVENT_IDS, *_MEMBERS[1:]}
    content = held if is_bare else next((held[name] for name in _MEMBERS if name in held), None)
    if isinstance(content, dict) and [*content] == ["messages"]:  # a CloudEvent holds them so
        return content["messages"]
    return content
