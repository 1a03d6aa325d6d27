"""Faults of single parts of an event: one is missing, has a further member, or another id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from ....core.fault import Fault
from ....core.payload import Payload
from ....faults.edits import Json, as_object, with_elements, with_texts
from ....faults.fault_point import FaultPoint, choice

at_run = FaultPoint[Any]("run", "flow_run")
at_payload = FaultPoint[Payload]("payload", "flow_run")

_CONNECTIONS = ("sourceInfo", "targetInfo")

_OPTIONAL = {
    "recordSummary": ("recordSummary",),
    "sizeSummary": ("sizeSummary",),
    "fileSummary": ("fileSummary",),
    "activities": ("activities",),
    "connections": _CONNECTIONS,
    "extensions": ("extensions",),
    "providerRefId": ("providerRefId",),
    "header": ("header",),
}
"""Each part that some runs do not have, and the names of its members."""


@at_run(
    proves="each optional part may be missing, also if the other parts are there",
    argument=choice(*_OPTIONAL),
)
def part_missing(entity: Any, fault: Fault) -> Any:
    """One optional part of the run is missing, and the other parts are there.

    A summary is missing in the run and in its activities. The word connections means sourceInfo and
    targetInfo (1.1, 2.5). The newest alerts are printed without a header (1.3). Traps 7, 11 and 12
    of flow-run-payloads.md 7.4.
    """
    return _without(entity, _OPTIONAL[fault.argument])


def _without(value: Any, names: Collection[str]) -> Any:
    """Return a value in which no object has members with these names, at any depth."""
    if isinstance(value, list):
        return [_without(each, names) for each in value]
    if isinstance(value, dict):
        return {key: _without(each, names) for key, each in value.items() if key not in names}
    return value


_LEVELS = {
    "metrics": ("metrics",),
    "summaries": (
        *("durationSummary", "sizeSummary", "recordSummary", "fileSummary", "statusSummary"),
    ),
    "activities": ("activities",),
    "errors": ("errors",),
    "connections": _CONNECTIONS,
    "references": ("reference",),
    "extensions": ("extensions", "manifest"),
    "header": ("header", "_adobeio", "messages", "schema", "_eventNotificationMeta"),
}
"""Each level inside of an event, and the names of the objects there."""

_UNKNOWN = {"inventedIn2031": {"deep": [{"er": None}]}}


@at_payload(
    proves="unknown members are ignored at every level, not only in the run itself",
    argument=choice(*_LEVELS),
)
def unknown_member(payload: Payload, fault: Fault) -> Payload:
    """There is an undocumented member at one level of the event.

    All objects of that level have it, for instance all summaries. The header of a failure is the
    message around the run. Trap 17 of flow-run-payloads.md 7.4.
    """
    return with_elements(payload, lambda each: _with_member_in(each, _LEVELS[fault.argument]))


def _with_unknown(value: Any) -> Json:
    return {**as_object(value), **_UNKNOWN}


def _with_member_in(value: Any, names: Collection[str]) -> Any:
    """Return a value in which the objects with these names have an unknown member.

    If there is a list with such a name, its objects have the member.
    """
    if isinstance(value, list):
        return [_with_member_in(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _with_member_in(each, names) for key, each in value.items()}
    return {key: _extended(each) if key in names else each for key, each in inner.items()}


def _extended(value: Any) -> Any:
    if isinstance(value, list):
        return [*map(_extended, value)]
    return _with_unknown(value) if isinstance(value, dict) else value


def _members(*names: str) -> Callable[[Any], Iterator[Any]]:
    return partial(_members_in, names=names)


def _members_in(value: Any, names: Collection[str]) -> Iterator[Any]:
    """Yield the values of the members with these names, at any depth."""
    if isinstance(value, list):
        for each in value:
            yield from _members_in(each, names)
    for key, each in as_object(value).items():
        if key in names:
            yield each
        yield from _members_in(each, names)


_IDS: dict[str, Callable[[Any], Iterator[Any]]] = {
    "run": lambda entity: iter([as_object(entity).get("id")]),
    "flow": lambda entity: iter([as_object(entity).get("flowId")]),
    "sandbox": lambda entity: iter([as_object(entity).get("sandboxId")]),
    "connection": lambda entity: (
        each.get("id") for held in _members(*_CONNECTIONS)(entity) for each in _objects(held)
    ),
    "reference": lambda entity: (
        each for ids in _members("ids")(entity) if isinstance(ids, list) for each in ids
    ),
}
"""Each kind of id, and the function that finds its ids in a run entity."""


def _objects(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


@at_run(proves="ids are kept as text, of any form and length", argument=choice(*_IDS))
def id_form(entity: Any, fault: Fault) -> Any:
    """One id of the run is no UUID.

    Samples have ids such as sourceConnectionId1 and {ORG_ID}. Trap 17 of flow-run-payloads.md 7.4.
    """
    found = {each for each in _IDS[fault.argument](entity) if isinstance(each, str) and each}
    new = {old: f"{fault.argument}-{fault.draw(5, old).hex()}" for old in sorted(found)}
    return with_texts(entity, partial(_with_ids, new))


_LONG = 20
"""An id with as many characters is also replaced inside of texts, as in providerRefId."""


def _with_ids(new: dict[str, str], text: str) -> str:
    for old, other in new.items():
        if text == old or len(old) >= _LONG:
            text = text.replace(old, other)
    return text
