"""Faults of deliveries: which may be named, how they are stored, and how they act.

A fault acts at each attempt of its delivery, and changes the same each time: what it draws follows
from the seed of the service and the event.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...core.event import Event
from ...core.fault import Fault, disturb
from ...core.payload import Payload
from ...core.printable import listed
from ...core.signature import SignedPayload
from ...errors import ApiError, Nearest
from ...families.registry import FAULTS
from ...faults import disturbance
from ...runtime.chance import Chance
from ...scenario.model import FaultSpec
from .table import StoredDelivery

POINTS = ("payload", "body", "signature", "headers", "wire")
"""The points at which the faults of a delivery act; the way of an event is over before them."""

_TAKES = f"a delivery takes faults at {', '.join(POINTS[:-1])} and {POINTS[-1]}"
_UNFIT = (AttributeError, LookupError, TypeError, ValueError)
"""What a fault may raise where content has another shape than that of its family."""

_log = logging.getLogger("flowsim.service")


@dataclass(frozen=True, slots=True)
class RedeliveryFault:
    """A fault that a redelivery may have.

    ``argument`` says in a word what its argument is, ``default`` is used without one; both are
    None if it takes none. ``expect`` is what becomes of the event at a correct webhook: a word of
    scenarios. ``family`` is empty, or names the only family whose events can have it.
    """

    name: str
    point: str
    summary: str
    proves: str
    expect: str
    argument: str | None
    default: str | int | None
    family: str


def list_of_redelivery_faults() -> list[RedeliveryFault]:
    """Return all faults that a redelivery may have, in the order of their points and names."""
    kinds = sorted(
        (kind for kind in FAULTS.values() if kind.point in POINTS),
        key=lambda kind: (POINTS.index(kind.point), kind.name),
    )
    return [
        RedeliveryFault(
            *(kind.name, kind.point, kind.summary, kind.proves, kind.expect),
            kind.argument.word if kind.argument else None,
            kind.argument.default if kind.argument else None,
            kind.family,
        )
        for kind in kinds
    ]


def checked(specs: Sequence[FaultSpec], family: str) -> str | None:
    """Return faults as they are stored with a delivery, or None if there are none.

    ``family`` is that of the event. Raises ``ApiError`` 400 for an unknown fault, one that acts
    elsewhere or on events of another family, and for a wrong argument.
    """
    for spec in specs:
        _check(spec, family)
    return _text((spec.name, spec.argument) for spec in specs)


def stored(faults: Iterable[Fault]) -> str | None:
    """Return those of the faults that act at ``POINTS``, as they are stored; None without any."""
    return _text((each.name, each.argument) for each in faults if each.point in POINTS)


def with_faults(event: Event, row: StoredDelivery, chance: Chance) -> Event:
    """Return an event with the faults of its delivery; unknown ones are left out."""
    if row.faults is None:
        return event
    named = [each for each in json.loads(row.faults) if each["name"] in FAULTS]
    return replace(
        event,
        faults=tuple(
            FAULTS[each["name"]].fault(
                each["argument"], chance.of_story(f"fault/{each['name']}/{row.seq}", 32)
            )
            for each in named
        ),
    )


def changed_payload(built: Payload) -> Payload:
    """Return a body changed by faults; one that they do not fit stays as it is, with a warning."""
    try:
        return disturbance.payload(built)
    except _UNFIT as error:
        first = built.events[0]
        names = listed([fault.name for fault in first.faults])
        _log.warning("%s cannot act on event %s: %r", names, first.id, error)
        return built


def can_act(built: Payload) -> bool:
    """Tell whether faults can act on a body."""
    try:
        disturbance.payload(built)
    except _UNFIT:
        return False
    return True


def changed_signature(before: SignedPayload) -> SignedPayload:
    """Return a signed payload changed by faults at the point signature."""
    return disturb("signature", before, before.payload.events[0].faults)


def _check(spec: FaultSpec, family: str) -> None:
    kind = FAULTS.get(spec.name)
    if kind is None:
        known = [each.name for each in list_of_redelivery_faults()]
        expected = Nearest(spec.name, known, 3).before("a name of `flowsim faults`")
        raise _refusal(f"unknown fault {spec.name!r}; expected {expected}; {_TAKES}")
    if kind.point not in POINTS:
        raise _refusal(f"fault {kind.name} acts at {kind.point}; {_TAKES}")
    if kind.family and kind.family != family:
        raise _refusal(f"fault {kind.name} is for events of {kind.family} only")
    try:
        kind.parse(spec.argument)
    except ValueError as error:
        raise _refusal(f"fault {kind.name} with {spec.argument!r}; expected {error}") from None


def _refusal(sentence: str) -> ApiError:
    return ApiError(400, "Bad Request", sentence)


def _text(named: Iterable[tuple[str, Any]]) -> str | None:
    found = [{"name": name, "argument": argument} for name, argument in named]
    return json.dumps(found) if found else None
