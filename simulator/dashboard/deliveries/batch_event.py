"""Which event of a batch is compared with a delivery of one event."""

from __future__ import annotations

from typing import Any

from ...captures.carried_event import carried_in

_IDS = ("eventid", "event_id", "id")
"""Members of an envelope that name its event."""


def alike(left: Any, right: Any) -> tuple[Any, Any, str]:
    """Return two bodies as they are compared, and a sentence if one is an event of a batch.

    Of a batch beside a single event, it is the event with the same id, else the first one.
    """
    if _is_batch(left) and _is_event(right):
        place, has_same_id = _place(left, right)
        return left[place], right, _says("This delivery", left, place, has_same_id)
    if _is_event(left) and _is_batch(right):
        place, has_same_id = _place(right, left)
        return left, right[place], _says("The other", right, place, has_same_id)
    return left, right, ""


def _is_batch(body: Any) -> bool:
    return isinstance(body, list) and bool(body) and all(map(_is_event, body))


def _is_event(body: Any) -> bool:
    return carried_in(body) is not None


def _place(batch: list[Any], event: dict[str, Any]) -> tuple[int, bool]:
    """Return the number of the event from 0, and whether it has the same id."""
    wanted = _ids_of(event)
    same = (place for place, each in enumerate(batch) if wanted & _ids_of(each))
    found = next(same, None)
    return found or 0, found is not None


def _ids_of(event: dict[str, Any]) -> set[str]:
    return {event[each] for each in _IDS if isinstance(event.get(each), str)}


def _says(which: str, batch: list[Any], place: int, has_same_id: bool) -> str:
    if has_same_id:
        return f"{which} is a batch of {len(batch)}; its event {place + 1} has the same event id."
    return f"{which} is a batch of {len(batch)}; its first event is compared."
