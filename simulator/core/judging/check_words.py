"""Exchanges in words, as verdicts and reports print them."""

from __future__ import annotations

from collections.abc import Iterable

from ..outcome import LABELS, location, said
from .exchange import Exchange


def received(exchange: Exchange) -> str:
    """Return what came back: the status, and the beginning of what was said."""
    outcome = exchange.outcome
    if not exchange.is_answered:
        problem = outcome.problem or "no answer"
        return f"no answer: {problem} ({outcome.status_code} {LABELS[outcome.status_code]})"
    place = location(outcome)
    parts = [str(outcome.status_code)]
    if place:
        parts.append(f"to {place}")
    if outcome.body:
        parts.append(said(outcome))
    if outcome.problem:
        parts.append(f"({outcome.problem})")
    return " ".join(parts)


def sent(exchange: Exchange) -> str:
    """Return what was sent, in a few words."""
    if not exchange.events:
        return f"{exchange.method} {exchange.url}"
    first = exchange.events[0]
    others = f" and {len(exchange.events) - 1} more" if len(exchange.events) > 1 else ""
    faults = f" with {', '.join(exchange.faults)}" if exchange.faults else ""
    tries = f", attempt {exchange.attempt}" if exchange.attempt > 1 else ""
    copy = ", again" if exchange.delivery[1] else ""
    return f"{first.notification.event_code} {first.id[:8]}{others}{faults}{copy}{tries}"


def named(exchanges: Iterable[Exchange]) -> str:
    """Return the faults of exchanges, each once; nothing if they have none."""
    return ", ".join(dict.fromkeys(name for each in exchanges for name in each.faults))
