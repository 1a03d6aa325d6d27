"""Attempts that fail the same way again and again: the first ones, a count, and the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..core.trace import Trace

SHOWN = 3
"""So many attempts in a row are shown that fail the same way."""

MOST_WATCHED = 50_000
"""How many deliveries are watched at once; of more, the one watched longest is forgotten."""


class Again(NamedTuple):
    """Attempts ``first`` to ``last`` of a delivery that are not shown, and one of them."""

    first: int
    last: int
    trace: Trace


@dataclass(slots=True)
class _Row:
    """The attempts of one delivery that failed the same way, the last of them in ``latest``."""

    way: tuple[int, str]
    latest: Trace
    times: int = 0
    hidden: int = 0


class Repetition:
    """Decides which attempts are shown; ``is_off`` shows all of them."""

    def __init__(self, *, is_off: bool = False) -> None:
        self._is_off = is_off
        self._rows: dict[tuple[int, int, str], _Row] = {}

    def of(self, trace: Trace) -> Iterator[Trace | Again]:
        """Yield what is to be shown now that an attempt has ended."""
        if self._is_off:
            yield trace
            return
        key, way = _delivery(trace), _way(trace)
        row = self._rows.get(key)
        if row is not None and row.way != way:
            yield from _caught_up(self._rows.pop(key))
            row = None
        if trace.ending != "retry":
            if row is not None:
                yield from _hidden(self._rows.pop(key), row.hidden)
            yield trace
            return
        if row is None:
            row = self._rows[key] = _Row(way, trace)
            if len(self._rows) > MOST_WATCHED:
                yield from _caught_up(self._rows.pop(next(iter(self._rows))))
        row.times, row.latest = row.times + 1, trace
        if row.times > SHOWN:
            row.hidden += 1
        else:
            yield trace

    def rest(self) -> Iterator[Trace | Again]:
        """Yield what is left of deliveries that have come to no end."""
        for row in self._rows.values():
            yield from _caught_up(row)
        self._rows.clear()


def _delivery(trace: Trace) -> tuple[int, int, str]:
    delivery = trace.attempt.delivery
    return delivery.number, delivery.copy, delivery.url


def _way(trace: Trace) -> tuple[int, str]:
    return trace.outcome.status_code, trace.outcome.problem


def _caught_up(row: _Row) -> Iterator[Trace | Again]:
    """Yield how many attempts were not shown, and the last of them."""
    if row.hidden:
        yield from _hidden(row, row.hidden - 1)
        yield row.latest


def _hidden(row: _Row, number: int) -> Iterator[Trace | Again]:
    """Yield the first ``number`` of the attempts that were not shown; one alone as it is."""
    first = row.latest.attempt.number - row.hidden + 1
    if number == row.hidden == 1:
        yield row.latest
    elif number:
        yield Again(first, first + number - 1, row.latest)
