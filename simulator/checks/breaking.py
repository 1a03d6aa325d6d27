"""What fails only since a webhook broke during the run, or refuses events under load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from ..core.event import Event
from .catalogue import BURST, LAST
from .check import Check
from .findings import CheckResult
from .observation import Exchange, received

SINCE = {LAST: "had broken", BURST: "refuses events under load"}
"""A failed check that others may only follow from → what "it", the webhook, does or did."""

MANY = 5
"""If so many failed checks have something in common, that is the mistake."""


class Sender(Protocol):
    """A check and its exchanges: its run, or its result."""

    @property
    def check(self) -> Check: ...

    @property
    def exchanges(self) -> Sequence[Exchange]: ...


def last_sound(senders: Iterable[Sender]) -> tuple[Check, Exchange] | None:
    """Return the last event with the usual keys that was accepted, with its check, if there is one.

    A webhook may have broken that still accepts events with keys that it has never seen.
    """
    found = [
        (each.check, exchange)
        for each in senders
        for exchange in each.exchanges
        if not each.check.has_new_keys and exchange.is_accepted and _is_new(exchange)
    ]
    return max(found, key=lambda each: each[1].ended, default=None)


def _is_new(exchange: Exchange) -> bool:
    """Return whether events came for the first time that are to be accepted."""
    is_copy = exchange.delivery[1] > 0
    return bool(exchange.welcome) and not is_copy and all(map(_has_usual_keys, exchange.events))


def _has_usual_keys(event: Event) -> bool:
    return not any(fault.point == "key" for fault in event.faults)


def shown_broken(senders: Iterable[Sender]) -> str:
    """Return after which check no event was accepted any more, as part of a sentence."""
    found = last_sound(senders)
    return f"; the last event that it accepted is of the check {found[0].name}" if found else ""


def why_stopped(run: Sender, senders: Sequence[Sender]) -> str:
    """Return why no further check is sent to a webhook that is broken."""
    said = received(run.exchanges[-1]) if run.exchanges else "no answer"
    found = last_sound(senders)
    after = f", after {found[0].name}" if found else ""
    return f"the webhook has stopped accepting events: {said} to a plain event{after}"


def consequences(
    failures: Mapping[str, CheckResult], results: Sequence[CheckResult]
) -> frozenset[str]:
    """Return the failed checks that were refused after the webhook had broken, if it has.

    What lost an event, or had one processed twice, is a mistake of its own.
    """
    broken = failures.get(LAST)
    if broken is None or broken.lost:
        return frozenset()
    found = last_sound(results)
    since = found[1].ended if found else 0.0
    return frozenset(
        name
        for name, each in failures.items()
        if each is not broken and not each.is_grave and _is_refused_after(each, since)
    )


def refused_like_burst(failures: Mapping[str, CheckResult]) -> frozenset[str]:
    """Return the failed checks with the refusal that events of a burst got, if they are many.

    A webhook that limits requests by a status that Adobe does not retry refuses any event.
    """
    burst = failures.get(BURST)
    said = _refusal(burst) if burst else ""
    same = frozenset(
        name
        for name, each in failures.items()
        if said and each is not burst and not each.is_grave and _refusal(each) == said
    )
    return same if len(same) >= MANY else frozenset()


def _refusal(result: CheckResult) -> str:
    """Return what a failed check received in place of a 2xx, or nothing."""
    shown = result.verdict.exchange
    return "" if shown is None or not shown.welcome or shown.is_accepted else received(shown)


def _is_refused_after(result: CheckResult, since: float) -> bool:
    shown = result.verdict.exchange
    if shown is not None:
        return not shown.is_accepted and shown.began >= since
    return result.began >= since and not any(each.is_accepted for each in result.exchanges)
