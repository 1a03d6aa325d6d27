"""Positions, pages and links of a journal (io-events-protocol.md 5.4 to 5.6).

A position has the shape of the 2025 capture:
``moose:<uuid>.penguin:<uuid>.<event id>.0.<epoch seconds>.<20 of a-z, 0-9 and ->``; what the parts
mean at Adobe is not known. Here the last eleven characters are the event's place in the order of
all events. The other parts are a hash of it and of the registration: so a position that was made
up, or belongs to another journal, is recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import shake_256
from urllib.parse import quote

from ...core.identifiers import uuid4
from ...core.instant import to_ms

MOST_BYTES = 1_500_000
"""Bytes of one page, at most (5.4); a single larger event is a page of its own."""

DEFAULT_LIMIT = 100
"""Events of a page if no limit is given: Adobe's number is not documented."""

_TAIL_BYTES = 500
"""Room for what follows the events on a page."""

_SHAPE = re.compile(
    r"moose:[0-9a-f-]{36}\.penguin:[0-9a-f-]{36}\.(?P<event_id>[A-Za-z0-9_:.@{}-]{1,255})\.0"
    r"\.(?P<seconds>[0-9]{1,12})\.[0-9a-f]{8}-(?P<seq>[0-9a-f]{11})"
)


@dataclass(frozen=True, slots=True)
class Page:
    """Some events in order; ``last`` is the position of the last one."""

    body: bytes
    last: str
    count: int


@dataclass(frozen=True, slots=True)
class Address:
    """Where a journal is: organisation, credential and registration (5.1)."""

    org: str
    credential_id: str
    registration_id: str

    @property
    def path(self) -> str:
        steps = quote(self.org), quote(self.credential_id), quote(self.registration_id)
        return "/organizations/{}/integrations/{}/{}".format(*steps)


@dataclass(frozen=True, slots=True)
class Position:
    """The place of an event: ``seq`` counts all events, ``at_s`` is epoch seconds."""

    seq: int
    event_id: str
    at_s: int

    @classmethod
    def of(cls, seq: int, event_id: str, time: datetime) -> Position:
        return cls(seq, event_id, to_ms(time) // 1000)


def beginning(registration_id: str, created: datetime) -> Position:
    """Return the position before all events of a journal, which no event has."""
    return Position.of(0, uuid4(shake_256(registration_id.encode()).digest(16)), created)


def spell_position(position: Position, registration_id: str) -> str:
    """Return a position as the journal of a registration prints it."""
    legible = f"{position.event_id}.0.{position.at_s}"
    about = f"{registration_id}/{legible}/{position.seq}"
    made = shake_256(about.encode()).digest(36)
    return (
        f"moose:{uuid4(made[:16])}.penguin:{uuid4(made[16:32])}.{legible}"
        f".{made[32:].hex()}-{position.seq:011x}"
    )


def parse_position(text: str, registration_id: str) -> Position:
    """Return the position that a journal printed; raises ``ValueError`` for any other text."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError("it does not have the form of a position")
    position = Position(int(found["seq"], 16), found["event_id"], int(found["seconds"]))
    if spell_position(position, registration_id) != text:
        raise ValueError("it is not a position of this journal")
    return position


def page(entries: Iterable[tuple[str, bytes]], limit: int) -> Page | None:
    """Return a page of the first events, each with its position; None without events.

    It has exactly ``limit`` events, or fewer if there are no more, or if they would have more
    than ``MOST_BYTES``.
    """
    elements: list[bytes] = []
    last, size = "", _TAIL_BYTES
    for position, event in entries:
        element = b'{"position":"%b","event":%b}' % (position.encode(), event)
        size += len(element) + 1
        if elements and size > MOST_BYTES:
            break
        elements.append(element)
        last = position
        if len(elements) == limit:
            break
    if not elements:
        return None
    tail = b'],"_page":{"last":"%b","count":%d}}' % (last.encode(), len(elements))
    return Page(b'{"events":[' + b",".join(elements) + tail, last, len(elements))


def links(address: Address, since: str, limit: int | None, asked: str) -> list[str]:
    """Return the values of the ``Link`` headers for a reader that has read up to ``since``.

    Each value is one link, in the captured order; every path is absolute, without a host. Only
    the next link keeps the limit, and the prefix of the path that was ``asked``, such as
    ``/events-fast``: at the end of the journal it is the same address again (5.4).
    """
    path = address.path
    position = f"since={quote(since, safe=':')}"
    kept = "" if limit is None else f"&limit={limit}"
    paths = {
        "events": f"/events{path}",
        "next": f"{asked}{path}?{position}{kept}",
        "count": f"/count{path}?{position}",
        "latest": f"/events{path}?latest=true",
        "page": f"/events{path}?since={{position}}&limit={{count}}",
        "seek": f"/events{path}?seek={{duration}}&limit={{count}}",
        "validate": f"/events{path}/validate?{position}",
    }
    return [f'<{path}>; rel="{rel}"' for rel, path in paths.items()]
