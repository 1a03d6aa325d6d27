"""The members around the content of an event, in both delivery formats.

I/O Events adds its ids to what a producer writes. Producers order and name their attributes
differently, so an envelope is a template: its members in order, where ``None`` stands for what is
filled in when the event is delivered (io-events-protocol.md 1.5 to 1.7, event-families.md 0.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

EVENT_IDS = ("event_id", "eventid")
"""Members with the id of I/O Events: the deprecated name, then the new one."""

RECIPIENT_IDS = ("recipient_client_id", "recipientclientid")
"""Members with the client id of the recipient: the deprecated name, then the new one."""

USUAL_CLOUD_EVENT: Mapping[str, Any] = {
    "specversion": "1.0",
    "id": None,
    "source": None,
    "type": None,
    "datacontenttype": "application/json",
    "time": None,
    **dict.fromkeys((*reversed(EVENT_IDS), *RECIPIENT_IDS)),
    "data": None,
}
"""A CloudEvent in the member order of the 2025 capture (1.5)."""

_NAMES = {
    "both": frozenset((*EVENT_IDS, *RECIPIENT_IDS)),
    "new-only": frozenset(("eventid", "recipientclientid")),
    "old-only": frozenset(("event_id", "recipient_client_id")),
}
_CONTENT = ("data", "event", "messages")


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a producer writes an event, where that differs from the usual form.

    ``cloud_events`` and ``adobe_io`` are templates: member → value, in order. ``None`` in place of
    a template stands for the usual one. With ``is_bare_in_journal`` a journal holds the content as
    it is, without ids. ``provider`` is the value of ``x-adobe-provider``, if it is not the
    provider's id.
    """

    cloud_events: Mapping[str, Any] | None = None
    adobe_io: Mapping[str, Any] | None = None
    provider: str = ""
    is_bare_in_journal: bool = False


def usual_envelope(member: str) -> Mapping[str, Any]:
    """Return the template of the ``adobe_io`` format as it is documented (1.7).

    The published sample of a failure, in ``messages``, has no ids at all.
    """
    return {"messages": None} if member == "messages" else {"event_id": None, member: None}


def filled(
    template: Mapping[str, Any], values: Mapping[str, Any], names: str, *, is_cloud: bool
) -> dict[str, Any]:
    """Return an envelope: a template with ``values`` in the place of ``None``.

    ``values`` has the content, and both ids under each of their names. ``names`` says which of
    these are sent: ``both``, ``new-only``, ``old-only``, or ``as-documented``, which are those of
    the template.
    """
    order = members_of(tuple(template), names, is_cloud)
    return {
        name: values.get(name) if (said := template.get(name)) is None else said for name in order
    }


@lru_cache(1_000)
def members_of(template: tuple[str, ...], names: str, is_cloud: bool) -> Sequence[str]:
    """Return the members of an envelope in order; ``template`` are those as documented.

    Ids stand where the template has the first of their kind. Others stand before the data of a
    CloudEvent, unless that comes first, or around the content of the ``adobe_io`` format.
    """
    if names == "as-documented":
        return template
    sent = _NAMES[names]
    of_event, of_recipient = (
        [each for each in _in_order(kind, template) if each in sent]
        for kind in (EVENT_IDS[::-1] if is_cloud else EVENT_IDS, RECIPIENT_IDS)
    )
    return tuple(_members(template, of_event, of_recipient, is_cloud))


def _in_order(names: Sequence[str], template: Sequence[str]) -> list[str]:
    """Return the names of an id: those of the template in its order, then the others."""
    return [*(each for each in template if each in names), *(n for n in names if n not in template)]


def _members(
    template: Sequence[str], of_event: list[str], of_recipient: list[str], is_cloud: bool
) -> Iterator[str]:
    waiting = {EVENT_IDS: of_event, RECIPIENT_IDS: of_recipient}
    placeless = [ids for ids in waiting if not {*ids} & {*template}]
    first = EVENT_IDS in placeless and not is_cloud
    if first:
        yield from waiting.pop(EVENT_IDS)
    for number, name in enumerate(template):
        kind = next((ids for ids in waiting if name in ids), None)
        if name in _CONTENT and is_cloud and number:
            for ids in placeless:
                yield from waiting.pop(ids, ())
        if kind is not None:
            yield from waiting.pop(kind)
        elif name not in EVENT_IDS and name not in RECIPIENT_IDS:
            yield name
    for rest in waiting.values():
        yield from rest
