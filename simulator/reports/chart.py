"""The requests of all checks on a line of time, as coordinates of a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..checks.findings import CheckResult, Findings
from ..checks.observation import Exchange, received, sent

LEFT, WIDTH, ROW, TOP = 190, 760, 13, 22
"""Where time begins, how wide it is, how high a check is, and where the first one stands."""

NARROWEST = 1.5
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120)
"""Seconds between two ticks: the first of them that makes at most ten."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A request from its first byte to its end; ``kind`` is a class of the style sheet."""

    x: float
    width: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class ChartRow:
    """The requests of one check; ``y`` is its upper edge."""

    y: int
    name: str
    state: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """All rows, and the ticks of the axis as places and labels."""

    width: int
    height: int
    ticks: tuple[tuple[float, str], ...]
    rows: tuple[ChartRow, ...]


def draw(findings: Findings) -> Chart:
    """Return the drawing; checks that sent nothing have no row."""
    shown = [each for each in findings.results if each.exchanges]
    ends = [exchange.ended for each in shown for exchange in each.exchanges]
    span = max([*ends, 0.01])
    rows = tuple(_row(result, number, span) for number, result in enumerate(shown))
    return Chart(LEFT + WIDTH + 30, TOP + ROW * len(rows) + 4, tuple(_ticks(span)), rows)


def _row(result: CheckResult, number: int, span: float) -> ChartRow:
    bars = tuple(_bar(exchange, span) for exchange in result.exchanges)
    return ChartRow(TOP + ROW * number, result.check.name, result.verdict.state, bars)


def _bar(exchange: Exchange, span: float) -> Bar:
    width = max(exchange.outcome.elapsed / span * WIDTH, NARROWEST)
    title = f"{sent(exchange)}: {received(exchange)} after {exchange.outcome.elapsed * 1000:.0f} ms"
    return Bar(_x(exchange.began, span), round(width, 1), kind_of(exchange), title)


def _x(seconds: float, span: float) -> float:
    return round(LEFT + seconds / span * WIDTH, 1)


def _ticks(span: float) -> Iterator[tuple[float, str]]:
    step = next((each for each in STEPS if span / each <= 10), STEPS[-1])
    for number in range(int(span / step) + 1):
        yield _x(number * step, span), f"{number * step:g} s"


def kind_of(exchange: Exchange) -> str:
    """Return ``accepted``, ``refused`` or, without an HTTP answer, ``unanswered``."""
    if not exchange.is_answered:
        return "unanswered"
    return "accepted" if exchange.is_accepted else "refused"
