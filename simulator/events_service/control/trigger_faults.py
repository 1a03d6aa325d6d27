"""The faults of a triggered scenario: which of them the service takes, and how they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

from ...core.delivery import Delivery
from ...core.fault import Fault, FaultKind, disturb
from ...core.payload import Payload
from ...core.signature import SignedPayload
from ...errors import SettingError
from ...families.registry import FAULTS
from ...story.story import Story
from ..deliveries import delivery_faults
from ..publishing.publishing import AT_ONCE, SendingPlan
from ..registrations.model import Registration

CONTENT = ("run", "event")
"""The points whose faults change what is published, and nothing of how it is delivered."""

_POINTS = (*CONTENT, *delivery_faults.POINTS)

_UNSENT = Delivery(
    0,
    SignedPayload(Payload(b"", "", ()), ("", ""), ("", "")),
    datetime(2000, 1, 1, tzinfo=UTC),
    *("", ""),
)
"""A delivery on which the faults at the point delivery act, to see how they change it."""


def check(story: Story, only: Registration | None) -> None:
    """Raise ``SettingError`` for a fault that acts in a replay only, or on no delivery here.

    ``only`` is the registration to which the events go, if there is only one.
    """
    scenario = story.scenario
    named = chain(scenario.faults, *(event.faults for event in scenario.events))
    kinds = [FAULTS[name] for name in dict.fromkeys(each.name for each in named)]
    if refused := [kind for kind in kinds if not is_taken(kind)]:
        raise SettingError(f"{story.name}: {_those(refused)} in a replay only; {_expected()}")
    delivering = [kind for kind in kinds if kind.point not in CONTENT]
    if delivering and only is not None and not only.is_challenged:
        raise SettingError(
            f"{story.name}: {_those(delivering)} on deliveries only; "
            f"registration {only.registration_id} has no webhook"
        )


def sending_of(faults: Sequence[Fault]) -> SendingPlan:
    """Return how an event with these faults is delivered."""
    if not any(each.point not in CONTENT for each in faults):
        return AT_ONCE
    offsets = tuple(each.due - _UNSENT.due for each in _delivered(faults))
    return SendingPlan(delivery_faults.stored(faults), offsets)


def is_taken(kind: FaultKind) -> bool:
    """Tell whether the service takes a fault: at delivery, one that only makes copies or waits."""
    if kind.point != "delivery":
        return kind.point in _POINTS
    plain = (replace(each, due=_UNSENT.due, copy=0) for each in _delivered([kind.fault()]))
    return all(each == _UNSENT for each in plain)


def _delivered(faults: Iterable[Fault]) -> tuple[Delivery, ...]:
    return disturb("delivery", (_UNSENT,), tuple(faults))


def _those(kinds: Sequence[FaultKind]) -> str:
    """Return what is wrong with which faults, as in ``key-missing (at key) acts``."""
    names = " and ".join(f"{kind.name} (at {kind.point})" for kind in kinds)
    return f"{names} {'acts' if len(kinds) == 1 else 'act'}"


def _expected() -> str:
    simple = [kind.name for kind in FAULTS.values() if kind.point == "delivery"]
    taken = [name for name in simple if is_taken(FAULTS[name])]
    return (
        f"expected faults at {', '.join(_POINTS[:-1])} or {_POINTS[-1]}, "
        f"or {', '.join(taken[:-1])} or {taken[-1]}"
    )
