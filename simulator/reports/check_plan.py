"""The lines of a check run before its results: the plan, how quick the webhook is, the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..checks.catalogue import FIRST
from ..checks.check import Check
from ..checks.findings import Plan
from ..checks.levels import REASONS
from ..checks.pace import Pace
from ..checks.unchecked import unchecked
from ..core.duration import spell
from ..core.printable import count, printable
from .check_words import WIDTH
from .styles import bold, dim


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield the lines before the first request."""
    yield f"{bold('check')} {printable(plan.url)}"
    keys = f"http://{printable(plan.key_host)}"
    keys += "" if plan.tls_port is None else f" and by HTTPS on port {plan.tls_port}"
    keys += "" if plan.proxy_port is None else f", proxy on {plan.proxy_port}"
    yield dim(f"{count(len(plan.checks), 'check')}; keys at {keys}, seed {plan.seed}")


def pace_line(pace: Pace, seconds: float) -> str:
    """Return what the webhook needs for an event, and how long the whole run will take."""
    beside = f", {pace.at_once} at once {spell(pace.together)}" if pace.at_once > 1 else ""
    about = spell(max(1, round(seconds)))
    return dim(f"about {about}: an event takes {spell(pace.alone)}{beside}")


def _when(check: Check) -> Iterator[str]:
    """Yield when a check is a *must*, and when it is sent, if that is not always so."""
    if check.must_for:
        yield f" (must if {REASONS[check.must_for]})"
    if check.is_thorough:
        yield " (only with --thorough)"


def list_lines(checks: Sequence[Check]) -> Iterator[str]:
    """Yield what each check claims, by group, then the mistakes that no check can find."""
    group = ""
    for check in checks:
        if check.group != group:
            group = check.group
            yield bold(group)
        when = "".join(map(dim, _when(check)))
        yield f"  {check.name:{WIDTH}} {check.level:6}  {check.claim}{when}"
    groups = {check.group for check in checks if check.name != FIRST}
    if found := [each for each in unchecked() if each.group in groups]:
        yield bold("mistakes of io-events-protocol.md 10 without a check")
        for each in found:
            named = f"no check: mistake {each.number}"
            yield f"  {named:{WIDTH}} {each.group:9} {each.mistake} {each.why}"
