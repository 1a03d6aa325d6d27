"""A day of retries as a ladder: each line is an hour, with the attempts that are made in it.

It shows the attempts of one delivery and those that follow if it goes on failing, or the schedule
of any delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...core import delivery, duration
from ...events_service.deliveries.history import StoredHistory
from ...events_service.deliveries.history_rows import HistoryAttempt, HistoryRow
from ...events_service.service import Service


@dataclass(frozen=True, slots=True)
class LadderAttempt:
    """One attempt: ``age`` is seconds since the first one, ``after`` the same in words.

    ``at`` is when it was made or is due, None in the general schedule. ``status_code``, ``ending``
    and ``cause`` are those of an attempt that was made.
    """

    number: int
    age: float
    after: str
    at: datetime | None = None
    status_code: int | None = None
    ending: str = ""
    cause: str = ""

    @property
    def status_class(self) -> str:
        """The class of the status, as ``5xx``; empty if it was not made yet."""
        return "" if self.status_code is None else f"{self.status_code // 100}xx"


@dataclass(frozen=True, slots=True)
class RetryLadder:
    """The attempts of a delivery, or of any one: then ``delivery`` is None.

    ``state`` is waiting, delivered or dropped. ``age`` is how old the delivery is now, in seconds;
    None if it was not attempted yet.
    """

    attempts: tuple[LadderAttempt, ...]
    delivery: int | None = None
    event_code: str = ""
    event_id: str = ""
    registration: str = ""
    state: str = ""
    age: float | None = None


def general() -> RetryLadder:
    """Return the schedule of a delivery whose every attempt fails at once."""
    return RetryLadder(tuple(_attempts(1, delivery.ages())))


def of_delivery(service: Service, number: int, now: datetime) -> RetryLadder | None:
    """Return the attempts of a delivery and those that may follow, None if there is no such one.

    ``now`` is the time of the service.
    """
    row = StoredHistory(service.database).one(number)
    if row is None:
        return None
    begin = row.attempts[0].at if row.attempts else row.due or row.at
    registration = service.directory.registration(row.registration)
    return RetryLadder(
        (*(_made(each, begin) for each in row.attempts), *_following(row, begin)),
        delivery=row.number,
        event_code=row.event.code or "",
        event_id=row.event.event_id or "",
        registration=registration.name if registration else "",
        state=row.state,
        age=(now - begin).total_seconds() if row.attempts else None,
    )


def _made(attempt: HistoryAttempt, begin: datetime) -> LadderAttempt:
    age = (attempt.at - begin).total_seconds()
    said = attempt.status_code, attempt.ending, attempt.cause or ""
    return LadderAttempt(attempt.number, age, duration.spell(age), attempt.at, *said)


def _following(row: HistoryRow, begin: datetime) -> Iterator[LadderAttempt]:
    """Yield the attempts that are made if the delivery goes on failing."""
    if row.due is None or row.next_attempt is None:
        return
    age = (row.due - begin).total_seconds()
    yield from _attempts(row.next_attempt, delivery.ages(row.next_attempt, age), begin)


def _attempts(
    first: int, ages: Iterable[float], begin: datetime | None = None
) -> Iterator[LadderAttempt]:
    for number, age in enumerate(ages, first):
        at = begin and begin + timedelta(seconds=age)
        yield LadderAttempt(number, age, duration.spell(age), at)
