"""What a webhook has shown that it uses: there, what it *should* do is what it *must* do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .check import Thing
from .observation import Exchange

REASONS: Mapping[Thing, str] = {
    "batches": "the webhook takes batches",
    "cloud_events": "the webhook takes CloudEvents",
    "key_host": "the webhook asks the key host",
}
"""Thing → why a check about it is a *must*."""

_CLOUD_EVENTS = "application/cloudevents"


def shown(
    exchanges: Iterable[Exchange], processed: Mapping[str, int] | None, asks_for_keys: bool
) -> dict[Thing, str]:
    """Return each thing that a webhook uses, and the sentence that says so.

    It takes batches, or CloudEvents, if it has accepted some with nothing wrong in them. If the
    counts of processed events are known, it has processed them too.
    """
    used: dict[Thing, bool] = {"key_host": asks_for_keys}
    for each in exchanges:
        if _is_taken(each, processed):
            used["batches"] = used.get("batches", False) or len(each.events) > 1
            used["cloud_events"] = used.get("cloud_events", False) or _has_cloud_events(each)
    return {thing: REASONS[thing] for thing, is_used in used.items() if is_used}


def _is_taken(exchange: Exchange, processed: Mapping[str, int] | None) -> bool:
    """Return whether correct events were accepted, and processed as far as that is known."""
    taken = exchange.acknowledged
    if not taken or len(taken) < len(exchange.events):
        return False
    return processed is None or any(processed.get(event.id) for event in taken)


def _has_cloud_events(exchange: Exchange) -> bool:
    names = {name.lower(): value for name, value in exchange.headers.items()}
    return names.get("content-type", "").lower().startswith(_CLOUD_EVENTS)
