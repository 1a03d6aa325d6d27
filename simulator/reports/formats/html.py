"""A check run as one HTML file that needs no script and nothing from outside.

Its drawing shows the requests of all checks on a line of time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ...core.printable import printable
from ..format_table import CheckFormat, ReportFormat

if TYPE_CHECKING:
    from jinja2 import Template

    from ...checks.findings import CheckResult, Findings
    from ...checks.observation import Exchange

MOST = 20
"""Up to how many requests of a check are listed."""

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


def findings_page(findings: Findings) -> Iterator[str]:
    """Yield the whole file; all text of a webhook is printable and escaped in it."""
    from ...checks.breaking import SINCE
    from ...checks.causes import first_of
    from ...checks.groups import groups
    from ...checks.observation import received, sent
    from ...checks.repeating import command_of
    from ..check_headline import headline, new_causes
    from ..check_words import level_of, of_baseline, reasons, scope_lines, tally

    causes = new_causes(findings)

    yield _template("check.html").render(
        findings=findings,
        headline=headline(findings),
        causes=causes,
        firsts=first_of(causes),
        since=SINCE,
        of_baseline=of_baseline(findings),
        tally=tally(findings),
        reasons=[*reasons(findings), *scope_lines(findings)],
        groups=_groups(findings, groups()),
        shown={each.check.name for each in findings.results},
        about=groups(),
        chart=draw(findings),
        most=MOST,
        again=lambda result: command_of(findings, result),
        kind_of=kind_of,
        level_of=level_of,
        received=received,
        sent=sent,
    )


@cache
def _template(name: str) -> Template:
    """Return the template in a file beside this one; ``name`` is that of the file.

    All text among its values becomes printable and is escaped.
    """
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if isinstance(value, str) else value,
    )
    return environment.from_string((files(__package__) / name).read_text("utf-8"))


def _groups(findings: Findings, names: Iterable[str]) -> dict[str, list[CheckResult]]:
    """Return the results by group, in the order of ``names``."""
    found = {
        name: [each for each in findings.results if each.check.group == name] for name in names
    }
    return {name: results for name, results in found.items() if results}


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
    from ...checks.observation import received, sent

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


FORMATS = (
    ReportFormat(
        name="html",
        place=40,
        ending="html",
        check=CheckFormat(findings_page, help="Write an HTML page to read and share"),
    ),
)
