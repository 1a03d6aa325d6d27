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
    """The moments of one run; a stage that did not happen has no length."""

    started: datetime
    copied: datetime
    batch_minted: datetime
    promotion_started: datetime
    completed: datetime
    created: datetime
    updated: datetime
    published: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """How a notification says that a run ended; ``duration`` is in seconds, if stated."""

    published: datetime
    duration: float | None
    failed_stage: str | None


def lay_out(ending: Ending, roll: Roll) -> Timeline:
    """Return the moments of a run.

    The record of a batch run appears 10 to 25 seconds after copying began, or at the end of
    a shorter run.
    """
    failed_stage = ending.failed_stage
    updated = ending.published - (ENVELOPE_LAG if failed_stage else ADAPTOR_LAG)
    completed = updated - _settling(failed_stage, roll)
    length = roll.between(4, 27, 90) if ending.duration is None else ending.duration
    started = completed - _whole_ms(length)
    copied, promotion_started = _stages(started, completed, length, failed_stage, roll)
    return Timeline(
        started,
        copied,
        promotion_started - _whole_ms(roll.between(6, 0.048, 0.144)),
        promotion_started,
        completed,
        min(started + timedelta(milliseconds=round(roll.between(7, 10_000, 25_000))), completed),
        updated,
        ending.published,
    )


def lay_out_again(first: Ending, ending: Ending, roll: Roll) -> Timeline:
    """Return the moments of a run that an earlier notification told about.

    The run was created when it was. One that ended the same way was only written again; one
    that ended otherwise was executed again.
    """
    before = lay_out(first, roll)
    if (first.failed_stage, first.duration) == (ending.failed_stage, ending.duration):
        updated = before.updated + (ending.published - first.published)
        return replace(before, updated=updated, published=ending.published)
    return replace(lay_out(ending, roll), created=before.created)


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
    copied = started + _whole_ms(length * roll.between(9, 0.4, 0.7))
    return copied, min(copied + _whole_ms(gap), completed)


def _whole_ms(seconds: float) -> timedelta:
    return timedelta(milliseconds=round(seconds * 1000))
