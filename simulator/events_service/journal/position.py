"""Positions of a journal, in the shape of the 2025 capture (io-events-protocol.md 5.5).

``moose:<uuid>.penguin:<uuid>.<event id>.0.<epoch seconds>.<20 of a-z, 0-9 and ->``; what the
parts mean at Adobe is not known. Here the last eleven characters are the event's place in the
order of all events, and everything that is not legible follows from what is, and from the
journal: a position that was made up, or belongs to another journal, is found out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import shake_256

from ...core.identifiers import uuid4
from ...core.instant import to_ms

_SHAPE = re.compile(
    r"moose:[0-9a-f-]{36}\.penguin:[0-9a-f-]{36}\.(?P<event_id>[A-Za-z0-9_:.@{}-]{1,255})\.0"
    r"\.(?P<seconds>[0-9]{1,12})\.[0-9a-f]{8}-(?P<seq>[0-9a-f]{11})"
)


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


def spell(position: Position, registration_id: str) -> str:
    """Return a position as the journal of a registration prints it."""
    legible = f"{position.event_id}.0.{position.at_s}"
    about = f"{registration_id}/{legible}/{position.seq}"
    made = shake_256(about.encode()).digest(36)
    return (
        f"moose:{uuid4(made[:16])}.penguin:{uuid4(made[16:32])}.{legible}"
        f".{made[32:].hex()}-{position.seq:011x}"
    )


def parse(text: str, registration_id: str) -> Position:
    """Return the position that a journal printed; raises ``ValueError`` for any other text."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError("it has not the form of a position")
    position = Position(int(found["seq"], 16), found["event_id"], int(found["seconds"]))
    if spell(position, registration_id) != text:
        raise ValueError("it is no position of this journal")
    return position
