"""Why a check cannot be judged, whatever the webhook answered to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..core.duration import spell
from ..core.outcome import TIMEOUT
from .catalogue import FIRST, SOUND
from .check import Check
from .check_run import CheckRun
from .held import MEMORY
from .inquiry import WebhookData
from .lost import IGNORED, has_ignored
from .observation import Exchange, Restarted, acknowledged
from .pace import Pace
from .visits import Visit


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What verdicts depend on, apart from the run of each check.

    ``accepts_events`` says whether the webhook accepts a correct event. ``asks_for_keys`` says
    whether it requested a key from our key host, which is at ``key_host``. ``known`` is what the
    webhook did with the events. ``pace`` is what it needs, ``restarted`` what was known after a
    restart. ``recognised`` says what answers in the place of a webhook. ``visits`` are all requests
    at our hosts, until the run ended after ``until`` seconds. ``challenges`` are the GETs of all
    checks that ask for an echo.
    """

    url: str
    accepts_events: bool
    asks_for_keys: bool
    key_host: str
    known: WebhookData
    memory: int = MEMORY
    pace: Pace | None = None
    restarted: Restarted | None = None
    recognised: str = ""
    visits: tuple[Visit, ...] = ()
    until: float = 0.0
    challenges: tuple[Exchange, ...] = ()


def obstacle_of(run: CheckRun, around: Circumstances) -> str:
    """Return why a check cannot be judged; empty if it can."""
    return next(_obstacles(run, around), "")


def _obstacles(run: CheckRun, around: Circumstances) -> Iterator[str]:
    if run.obstacle:
        yield run.obstacle
    if run.goes_on:
        each = sum(each.outcome.elapsed for each in run.exchanges) / len(run.exchanges)
        yield (
            f"the webhook takes {spell(each)} for an answer, and so the requests of this check "
            f"longer than {spell(run.limit)}; let it answer first, and do the work afterwards"
        )
    if run.about_keys and not around.asks_for_keys:
        yield (
            f"the webhook never asks the key host at http://{around.key_host}; "
            "let it fetch the keys there, at the paths in the headers"
        )
    if not around.accepts_events and _is_about_events(run):
        yield f"the webhook refuses correct events too, so this refusal proves nothing; see {SOUND}"
    yield from _unknown(run, around.known)
    if "restart" in run.check.needs and around.restarted is None:
        yield "--restart is needed to see what a restart of the webhook wipes from its memory"
    if around.pace is not None and _may_be_late(run, around.pace):
        yield _slowness(run, around.pace)
    if not run.exchanges and not run.overdue and (run.check.events or run.check.probes):
        yield "nothing was sent: faults such as drop hold back all events of this check"


def _unknown(run: CheckRun, known: WebhookData) -> Iterator[str]:
    """Yield why it is not known what the webhook did with the events of a check."""
    if run.check.needs_effects:
        if known.processed is None:
            yield known.no_effects
        if has_ignored(run, known.ignored):
            yield IGNORED
    if "state" in run.check.needs:
        if known.states is None:
            yield known.no_state
        if has_ignored(run, known.ignored) and not acknowledged(run.exchanges, known.ignored):
            yield IGNORED


def _is_about_events(run: CheckRun) -> bool:
    """Return whether an event was refused, perhaps for a reason outside the claim."""
    return run.check.name not in (FIRST, SOUND) and any(
        each.events and not each.is_accepted for each in run.exchanges
    )


def _may_be_late(run: CheckRun, pace: Pace) -> bool:
    """Return whether answers may be missing only because the webhook is slow.

    Checks about speed judge this themselves.
    """
    is_late = run.overdue or any(each.status == TIMEOUT for each in run.exchanges)
    return is_late and pace.is_slow(run.at_once) and not is_about_speed(run.check)


def _slowness(run: CheckRun, pace: Pace) -> str:
    beside = f", and {run.at_once} at once {spell(pace.round(run.at_once))}"
    return (
        f"an answer did not come in time, and the webhook is slow: an event takes "
        f"{spell(pace.alone)}{beside * (run.at_once > 1)}; "
        "let it answer first, and do the work afterwards"
    )


def is_about_speed(check: Check) -> bool:
    """Return whether a check is about how fast the webhook answers."""
    return check.name == FIRST or check.group == "load"
