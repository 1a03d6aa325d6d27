"""The times of a flow run (flow-run-payloads.md 2.4, 7.1, 7.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .draws import RunDraws

LAGS = {
    None: timedelta(milliseconds=454),
    "copy": timedelta(milliseconds=36),
    "promotion": timedelta(milliseconds=55),
}
"""Stage that failed → time from the last write of the run to its event, as in the samples."""

USUAL_LENGTH = 27.0, 90.0
"""Shortest and longest duration of a run, in seconds, if none is stated."""

PROMOTION_FAILURE_LENGTH = 8.0, 30.0
"""The same for a failed promotion, whose notification says nothing about copy (2.4)."""

PROMOTION_FAILURE_LAG = timedelta(milliseconds=355)
"""Time from the end of a failed promotion to the last write of the run, as in the sample."""

PROMOTION_CREATION_LAG = timedelta(milliseconds=69)
"""Time from the start of a failed promotion to the creation of the run, as in the sample."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The times of one run; a stage that did not happen begins and ends at the same time.

    ``settled`` is when the end of the run was first recorded, ``updated`` when the record was last
    written.
    """

    started: datetime
    copied: datetime
    batch_minted: datetime
    promotion_started: datetime
    completed: datetime
    created: datetime
    settled: datetime
    updated: datetime
    published: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, as one notification says; ``duration`` is in seconds, if stated."""

    published: datetime
    duration: float | None
    failed_stage: str | None

    def is_like(self, other: Ending) -> bool:
        """Tell whether another notification says the same about how the run ended."""
        return (self.failed_stage, self.duration) == (other.failed_stage, other.duration)

    @property
    def has_promotion(self) -> bool:
        """Tell whether the run reached promotion."""
        return self.failed_stage != "copy"


@dataclass(frozen=True, slots=True)
class Endings:
    """How one run ended, as its notifications so far say.

    ``first`` is in the first notification, ``this`` in the latest one. ``since`` is in the first of
    the latest notifications that say the same. ``promoted`` is the first with a promotion, if there
    is one.
    """

    first: Ending
    since: Ending
    this: Ending
    promoted: Ending | None

    @classmethod
    def of(cls, ending: Ending) -> Endings:
        """Return the endings after the first notification about a run."""
        return cls(ending, ending, ending, ending if ending.has_promotion else None)

    def then(self, ending: Ending) -> Endings:
        """Return the endings after one more notification about the run."""
        since = self.since if ending.is_like(self.since) else ending
        promoted = self.promoted or (ending if ending.has_promotion else None)
        return Endings(self.first, since, ending, promoted)


def lay_out(endings: Endings, draws: RunDraws) -> Timeline:
    """Return the times of a run, as its latest notification says them.

    A run and its activities begin only once. If a later notification says that the run ended in
    another way, the run went on until then. If it says the same, only the record was written again.
    """
    times, promoted = _lay_out(endings.first, draws), endings.promoted
    if promoted is not None and promoted is not endings.first:
        times = _staged_anew(_ended_otherwise(times, promoted, draws), draws)
    if endings.since is not endings.first and endings.since is not promoted:
        times = _ended_otherwise(times, endings.since, draws)
    if endings.this is not endings.since:
        times = _written_again(times, endings.this)
    return times


def _lay_out(ending: Ending, draws: RunDraws) -> Timeline:
    """Return the times of a run after its first notification."""
    updated = ending.published - LAGS[ending.failed_stage]
    completed = updated - _settling(ending.failed_stage, draws)
    started = completed - _whole_ms(_length(ending, draws))
    copied, promotion_started = _stages(started, completed, ending.failed_stage, draws)
    return Timeline(
        started,
        copied,
        _minted(promotion_started, draws),
        promotion_started,
        completed,
        min(started + _creation_lag(ending.failed_stage, draws), completed),
        updated,
        updated,
        ending.published,
    )


def _ended_otherwise(before: Timeline, ending: Ending, draws: RunDraws) -> Timeline:
    """Return the times of a run that went on and ended in another way.

    A stated duration counts from the start of the run. The stages keep their times, unless the run
    ended before.
    """
    written = _written_again(before, ending)
    completed = max(written.updated - _settling(ending.failed_stage, draws), before.completed)
    if ending.duration is not None:
        completed = min(completed, before.started + _whole_ms(ending.duration))
    return replace(
        written,
        copied=min(before.copied, completed),
        promotion_started=min(before.promotion_started, completed),
        completed=completed,
        settled=written.updated,
    )


def _staged_anew(times: Timeline, draws: RunDraws) -> Timeline:
    """Return the times of a run that reached promotion after its copy had failed before."""
    copied, promotion_started = _stages(times.started, times.completed, None, draws)
    minted = _minted(promotion_started, draws)
    return replace(times, copied=copied, batch_minted=minted, promotion_started=promotion_started)


def _written_again(before: Timeline, ending: Ending) -> Timeline:
    updated = max(ending.published - LAGS[ending.failed_stage], before.updated)
    return replace(before, updated=updated, published=ending.published)


def _length(ending: Ending, draws: RunDraws) -> float:
    """Return how long a run took, in seconds."""
    if ending.duration is not None:
        return ending.duration
    is_part = ending.failed_stage == "promotion"
    return draws.between(4, *(PROMOTION_FAILURE_LENGTH if is_part else USUAL_LENGTH))


def _creation_lag(failed_stage: str | None, draws: RunDraws) -> timedelta:
    """Return how long after its start a run is recorded: 10 to 25 s for a batch run (7.1)."""
    if failed_stage == "promotion":
        return PROMOTION_CREATION_LAG
    return timedelta(milliseconds=round(draws.between(7, 10_000, 25_000)))


def _minted(promotion_started: datetime, draws: RunDraws) -> datetime:
    return promotion_started - _whole_ms(draws.between(6, 0.048, 0.144))


def _settling(failed_stage: str | None, draws: RunDraws) -> timedelta:
    if failed_stage == "promotion":
        return PROMOTION_FAILURE_LAG
    return timedelta(milliseconds=round(draws.between(5, 200, 20_000)))


def _stages(
    started: datetime, completed: datetime, failed_stage: str | None, draws: RunDraws
) -> tuple[datetime, datetime]:
    """Return the end of copy and the start of promotion, which are 5.7 to 8 s apart.

    In a short run they are apart by half of its length.
    """
    if failed_stage == "copy":
        return completed, completed
    if failed_stage == "promotion":
        return started, started
    length = (completed - started).total_seconds()
    gap = min(draws.between(8, 5.7, 8.0), length / 2)
    copied = started + _whole_ms((length - gap) * draws.between(9, 0.4, 0.7))
    return copied, min(copied + _whole_ms(gap), completed)


def _whole_ms(seconds: float) -> timedelta:
    return timedelta(milliseconds=round(seconds * 1000))
