"""When a flow run did what (flow-run-payloads.md 2.4, 7.1, 7.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .roll import Roll

ADAPTOR_LAG = timedelta(milliseconds=454)
"""From the run's last write to the end of the adaptor's work, as in the success sample."""

ENVELOPE_LAG = timedelta(milliseconds=55)
"""From the run's last write to the envelope's timestamp, as in the failure sample."""

PROMOTION_FAILURE_LAG = timedelta(milliseconds=355)
"""From the end of a failed promotion to the run's last write, as in the failure sample."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The moments of one run, in this order; a stage that did not happen has no length."""

    started: datetime
    copied: datetime
    batch_minted: datetime
    promotion_started: datetime
    completed: datetime
    created: datetime
    updated: datetime
    published: datetime


def lay_out(
    published: datetime, duration: float | None, failed_stage: str | None, roll: Roll
) -> Timeline:
    """Return the moments of a run whose notification leaves at ``published``.

    The record of a batch run appears 10 to 25 seconds after copying began, or at the end of
    a shorter run.
    """
    updated = published - (ENVELOPE_LAG if failed_stage else ADAPTOR_LAG)
    completed = updated - _settling(failed_stage, roll)
    length = roll.between(4, 27, 90) if duration is None else duration
    started = completed - timedelta(seconds=length)
    copied, promotion_started = _stages(started, completed, length, failed_stage, roll)
    return Timeline(
        started,
        copied,
        promotion_started - timedelta(milliseconds=round(roll.between(6, 48, 144))),
        promotion_started,
        completed,
        min(started + timedelta(milliseconds=round(roll.between(7, 10_000, 25_000))), updated),
        updated,
        published,
    )


def written_again(times: Timeline, published: datetime) -> Timeline:
    """Return the same run, last written shortly before a later notification."""
    later = published - times.published
    return replace(times, updated=times.updated + later, published=published)


def _settling(failed_stage: str | None, roll: Roll) -> timedelta:
    if failed_stage == "promotion":
        return PROMOTION_FAILURE_LAG
    return timedelta(milliseconds=round(roll.between(5, 200, 20_000)))


def _stages(
    started: datetime, completed: datetime, length: float, failed_stage: str | None, roll: Roll
) -> tuple[datetime, datetime]:
    """Return the end of copy and the start of promotion, 5.7 to 8 s later or a tenth of the run."""
    if failed_stage == "copy":
        return completed, completed
    if failed_stage == "promotion":
        return started, started
    gap = min(roll.between(8, 5.7, 8.0), length / 10)
    copied = started + timedelta(seconds=round(length * roll.between(9, 0.4, 0.7), 3))
    return copied, copied + timedelta(seconds=round(gap, 3))
