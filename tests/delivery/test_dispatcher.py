"""Deliveries carried to a webhook, in story time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.delivery import Attempt, Delivery
from flowsim.core.event import Event, Notification
from flowsim.core.outcome import TIMEOUT, Outcome
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace
from flowsim.delivery.agenda import StoryAgenda
from flowsim.delivery.dispatcher import DeliveryOptions, Dispatcher
from flowsim.delivery.under_way import GRACE
from flowsim.runtime.chance import Chance
from flowsim.runtime.clock import Clock, FastClock, RunningClock

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
A_DAY_OF_ATTEMPTS = [0, 1, 3, 7, *range(15, 1440, 15)]


def a_delivery(number: int, due: datetime = BEGIN) -> Delivery:
    event = Event(f"event-{number}", due, "delivered", Notification("a_code", "event", {}))
    payload = Payload(b"body %d" % number, "application/json", (event,))
    return Delivery(
        number, SignedPayload(payload, ("one", "two"), ("/1", "/2")), due, "http://w/", "a_provider"
    )


def due_after(*minutes: float) -> list[Delivery]:
    """Return deliveries that are due these numbers of minutes after the story began."""
    return [a_delivery(n, BEGIN + minute * MINUTE) for n, minute in enumerate(minutes, 1)]


@dataclass(frozen=True)
class Sent:
    """One request as the transport got it; ``under_way`` counts those that had no answer yet."""

    at: datetime
    headers: Mapping[str, str]
    body: bytes
    under_way: int

    @property
    def minute(self) -> float:
        return (self.at - BEGIN) / MINUTE


@dataclass
class FakeTransport:
    """Answers by ``answer``, which may wait; keeps what was sent."""

    clock: Clock
    answer: Callable[[Sent], Awaitable[int]]
    sent: list[Sent] = field(default_factory=list)
    under_way: int = 0

    async def send(self, _: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        sent = Sent(self.clock.now(), dict(headers), body, self.under_way)
        self.sent.append(sent)
        self.under_way += 1
        try:
            return Outcome(await self.answer(sent), 0.0)
        finally:
            self.under_way -= 1


def always(status: int) -> Callable[[Sent], Awaitable[int]]:
    async def answer(sent: Sent) -> int:  # noqa: ARG001
        for _ in range(200):
            await asyncio.sleep(0)
        return status

    return answer


def in_turn(*statuses: int) -> Callable[[Sent], Awaitable[int]]:
    """Answer each body's first attempt with the first status, and so on; then the last."""

    async def answer(sent: Sent) -> int:
        await asyncio.sleep(0)
        number = int(sent.headers.get("x-adobe-retry-count", 0))
        return statuses[min(number, len(statuses) - 1)]

    return answer


async def one_by_one(deliveries: Iterable[Delivery]) -> AsyncIterator[Delivery]:
    for each in deliveries:
        await asyncio.sleep(0)
        yield each


def carry(
    deliveries: Iterable[Delivery],
    answer: Callable[[Sent], Awaitable[int]],
    *,
    speed: float | None = None,
    concurrency: int = 64,
    max_attempts: int | None = None,
    judge: Callable[[Attempt], bool | None] = lambda _: None,
) -> tuple[list[Sent], list[Trace]]:
    """Carry deliveries with a fast clock, or a running one of this speed."""
    traces: list[Trace] = []

    async def work() -> list[Sent]:
        clock: Clock = RunningClock(BEGIN, speed) if speed else FastClock(BEGIN)
        transport = FakeTransport(clock, answer)
        options = DeliveryOptions(concurrency, None, max_attempts)
        chance = Chance.of(7, "a scenario")
        dispatcher = Dispatcher(transport, clock, chance, options, traces.append, judge)
        await asyncio.wait_for(dispatcher.deliver_all(StoryAgenda(one_by_one(deliveries))), 30)
        return transport.sent

    return asyncio.run(work()), traces


def test_nothing_to_carry_is_no_trouble() -> None:
    assert carry([], always(200)) == ([], [])


def test_each_delivery_is_sent_once_at_its_story_time() -> None:
    sent, traces = carry(due_after(0, 1, 90, 10**5), always(200))
    assert [each.minute for each in sent] == [0, 1, 90, 10**5]
    assert [each.body for each in sent] == [b"body 1", b"body 2", b"body 3", b"body 4"]
    assert [trace.ending for trace in traces] == ["delivered"] * 4
    assert [trace.sent_at for trace in traces] == [each.at for each in sent]


def test_a_day_of_failures_is_99_attempts_on_the_schedule() -> None:
    sent, traces = carry(due_after(30), always(503))
    assert [each.minute - 30 for each in sent] == A_DAY_OF_ATTEMPTS
    assert [trace.attempt.number for trace in traces] == list(range(1, 100))
    assert [trace.ending for trace in traces] == ["retry"] * 98 + ["dropped"]


def test_max_attempts_ends_a_delivery_early() -> None:
    sent, traces = carry(due_after(0), always(503), max_attempts=3)
    assert [each.minute for each in sent] == [0, 1, 3]
    assert traces[-1].ending == "dropped"


def test_a_status_without_retry_drops_the_event_and_the_next_is_sent() -> None:
    sent, traces = carry(due_after(0, 1), always(401))
    assert len(sent) == 2
    assert [trace.ending for trace in traces] == ["dropped", "dropped"]


def test_a_retry_carries_the_same_bytes_and_ids_and_its_count() -> None:
    sent, _ = carry(due_after(0), in_turn(503, 429, 602, 200))
    assert [each.headers.get("x-adobe-retry-count") for each in sent] == [None, "1", "2", "3"]
    delivery_ids = {each.headers["x-adobe-delivery-id"] for each in sent}
    assert len(delivery_ids) == 4
    assert all(UUID(text).version == 4 for text in delivery_ids)
    assert {each.body for each in sent} == {b"body 1"}
    changing = {"x-adobe-retry-count", "x-adobe-delivery-id"}
    fixed = [{k: v for k, v in each.headers.items() if k not in changing} for each in sent]
    assert fixed == [fixed[0]] * 4
    assert fixed[0]["x-adobe-event-id"] == "event-1"
    assert fixed[0]["x-adobe-provider"] == "a_provider"


def test_delivery_ids_are_the_same_each_time_a_story_is_delivered() -> None:
    def ids(concurrency: int) -> set[tuple[bytes, str]]:
        sent, _ = carry(due_after(0, 0, 2), in_turn(503, 200), concurrency=concurrency)
        return {(each.body, each.headers["x-adobe-delivery-id"]) for each in sent}

    assert ids(64) == ids(1)
    assert len(ids(64)) == 6


def test_a_retry_takes_its_turn_among_later_events() -> None:
    sent, _ = carry(due_after(0, 0.5, 2, 5), in_turn(503, 503, 200))
    assert [(each.minute, each.body[-1:]) for each in sent] == [
        (0, b"1"),
        (0.5, b"2"),
        (1, b"1"),
        (1.5, b"2"),
        (2, b"3"),
        (3, b"1"),
        (3, b"3"),
        (3.5, b"2"),
        (5, b"3"),
        (5, b"4"),
        (6, b"4"),
        (8, b"4"),
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=12), st.integers(1, 5))
def test_attempts_begin_in_order_of_story_time_after_failures_too(
    plan: list[tuple[int, int]], concurrency: int
) -> None:
    """Each delivery has a gap to the one before, in minutes, and a number of failures."""
    due, deliveries, failures, expected = 0, [], {}, []
    for number, (gap, count) in enumerate(plan, 1):
        due += gap
        deliveries.append(a_delivery(number, BEGIN + due * MINUTE))
        failures[b"body %d" % number] = count
        expected += [(due + minute, number) for minute in A_DAY_OF_ATTEMPTS[: count + 1]]

    async def answer(sent: Sent) -> int:
        for _ in range(len(sent.body) + hash(sent.headers["x-adobe-delivery-id"]) % 5):
            await asyncio.sleep(0)
        failed = int(sent.headers.get("x-adobe-retry-count", 0)) < failures[sent.body]
        return 500 if failed else 200

    sent, traces = carry(deliveries, answer, concurrency=concurrency)
    minutes = [each.minute for each in sent]
    assert minutes == sorted(minutes)
    assert sorted((each.minute, int(each.body[5:])) for each in sent) == sorted(expected)
    assert sum(trace.ending == "delivered" for trace in traces) == len(plan)


def test_deliveries_due_at_the_same_moment_may_overlap() -> None:
    """Each answer waits for the others: one at a time would never end."""
    together = asyncio.Barrier(3)

    async def answer(_: Sent) -> int:
        await together.wait()
        return 200

    sent, _ = carry(due_after(5, 5, 5), answer)
    assert [each.under_way for each in sent] == [0, 1, 2]


def test_a_fast_clock_waits_for_the_answers_of_an_earlier_moment() -> None:
    sent, _ = carry(due_after(0, 0, 1, 1, 2), always(200))
    assert [each.under_way for each in sent] == [0, 1, 0, 1, 0]


def hanging(*bodies: bytes, seconds: float = 2 * GRACE) -> Callable[[Sent], Awaitable[int]]:
    """Answer these too late, each time, and all others at once."""

    async def answer(sent: Sent) -> int:
        if sent.body not in bodies:
            return 503
        await asyncio.sleep(seconds)
        return TIMEOUT

    return answer


def at_urls(deliveries: list[Delivery]) -> list[Delivery]:
    """Send each to a webhook of its own."""
    return [replace(each, url=f"http://{each.number}/") for each in deliveries]


def test_attempts_that_hang_again_overlap_on_a_clock_that_jumps() -> None:
    """Their first attempts wait for each other; then it is known that both hang.

    On a busy machine an attempt may end before the other begins.
    """
    answer = hanging(b"body 1", b"body 2")
    sent, traces = carry(at_urls(due_after(0, 0.5)), answer, max_attempts=4)
    assert [each.minute for each in sent] == [0, 0.5, 1, 1.5, 3, 3.5, 7, 7.5]
    under_way = [each.under_way for each in sent]
    assert under_way[:3] == [0, 0, 0]
    assert {*under_way[3:]} in ({1}, {0, 1})
    assert [each.sent_at for each in traces] == [each.at for each in sent]


def test_a_possible_retry_of_a_hanging_attempt_is_waited_for() -> None:
    """The second delivery is due when the third attempt at the first one is, or after it."""
    for minutes in (3, 3.5):
        sent, _ = carry(at_urls(due_after(0, minutes)), hanging(b"body 1"), max_attempts=3)
        assert [each.minute for each in sent][:4] == sorted([0, 1, 3, minutes])
        assert {each.under_way for each in sent if each.body == b"body 2"} <= {0, 1}
        assert sent[[each.minute for each in sent].index(3)].under_way == 0


def test_a_webhook_that_answers_again_is_waited_for() -> None:
    async def answer(sent: Sent) -> int:
        first = "x-adobe-retry-count" not in sent.headers
        await asyncio.sleep(2 * GRACE if first else GRACE / 10)
        return TIMEOUT if first else 503

    sent, _ = carry(at_urls(due_after(0, 0.5)), answer, max_attempts=4)
    assert {each.under_way for each in sent} == {0}


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=6))
def test_outcomes_are_reported_in_order_of_story_time_despite_hangs(
    plan: list[tuple[int, bool]],
) -> None:
    """Each delivery has a gap to the one before, in quarters of a minute, and hangs or does not."""
    due, deliveries, expected = 0.0, [], []
    for number, (gap, _) in enumerate(plan, 1):
        due += gap / 4
        deliveries.append(a_delivery(number, BEGIN + due * MINUTE))
        expected += [(due + minute, number) for minute in A_DAY_OF_ATTEMPTS[:3]]
    hang = [b"body %d" % number for number, (_, hangs) in enumerate(plan, 1) if hangs]
    sent, traces = carry(at_urls(deliveries), hanging(*hang, seconds=1.2 * GRACE), max_attempts=3)
    assert [each.at for each in sent] == sorted(each.at for each in sent)
    found = [((each.sent_at - BEGIN) / MINUTE, each.attempt.delivery.number) for each in traces]
    assert [minute for minute, _ in found] == sorted(minute for minute, _ in found)
    assert sorted(found) == sorted(expected)


def test_a_running_clock_does_not_wait_for_attempts_under_way() -> None:
    """The first answer comes when the last request has come, an hour of story time later."""
    last = asyncio.Event()

    async def answer(sent: Sent) -> int:
        if sent.body == b"body 3":
            last.set()
        await last.wait()
        return 200

    sent, _ = carry(due_after(0, 1, 60), answer, speed=3600.0 * 60)
    assert [each.under_way for each in sent] == [0, 1, 2]
    assert [each.minute >= due for each, due in zip(sent, (0, 1, 60), strict=True)] == [True] * 3


def test_a_running_clock_keeps_the_waits_of_the_schedule() -> None:
    """Even on a busy machine, no attempt begins too early."""
    sent, _ = carry(due_after(0), in_turn(503, 503, 503, 200), speed=1e5)
    waits = [later.minute - earlier.minute for earlier, later in pairwise(sent)]
    assert [wait >= least for wait, least in zip(waits, (1, 2, 4), strict=True)] == [True] * 3


def test_a_running_clock_gives_up_after_a_day_too() -> None:
    """At this speed a day passes in 86 ms; what the machine loses of them are attempts."""
    sent, traces = carry(due_after(0), in_turn(503), speed=1e6)
    assert len(sent) <= 99
    assert traces[-1].ending == "dropped"


@pytest.mark.parametrize("concurrency", [1, 3, 20])
def test_the_number_of_attempts_under_way_is_limited(concurrency: int) -> None:
    sent, _ = carry(due_after(*[0] * 50), always(200), concurrency=concurrency)
    assert len(sent) == 50
    assert max(each.under_way for each in sent) == concurrency - 1


def test_deliveries_are_taken_from_the_stream_no_faster_than_they_are_sent() -> None:
    """A story of any length needs no more memory than a short one."""
    ahead = []
    carried = 0

    def endless() -> Iterable[Delivery]:
        for number in range(1, 501):
            ahead.append(number - carried)
            yield a_delivery(number, BEGIN + number // 100 * MINUTE)

    async def answer(_: Sent) -> int:
        nonlocal carried
        await asyncio.sleep(0)
        carried += 1
        return 200

    carry(endless(), answer, concurrency=4)
    assert max(ahead) <= 4 + 2


def test_a_judge_is_asked_about_every_attempt() -> None:
    asked: list[Attempt] = []

    def judge(attempt: Attempt) -> bool:
        asked.append(attempt)
        return attempt.number == 2

    _, traces = carry(due_after(0), in_turn(503, 200), judge=judge)
    assert asked == [trace.attempt for trace in traces]
    assert [trace.verified for trace in traces] == [False, True]


class StopHereError(Exception):
    """What a report raises that can write no more."""


def test_an_error_in_on_trace_ends_the_work_and_is_raised() -> None:
    """Attempts under way are cancelled, so one without an answer does not block the end."""
    ended: list[str] = []

    async def answer(sent: Sent) -> int:
        try:
            if sent.body == b"body 1":
                await asyncio.Event().wait()
            return 200
        except asyncio.CancelledError:
            ended.append("given up")
            raise

    def refuse(_: Trace) -> None:
        raise StopHereError

    async def work() -> None:
        clock = FastClock(BEGIN)
        transport = FakeTransport(clock, answer)
        dispatcher = Dispatcher(transport, clock, Chance.of(7, ""), DeliveryOptions(), refuse)
        await asyncio.wait_for(
            dispatcher.deliver_all(StoryAgenda(one_by_one(due_after(0, 0, 0)))), 30
        )

    with pytest.raises(StopHereError):
        asyncio.run(work())
    assert ended == ["given up"]


def test_an_error_in_the_stream_of_deliveries_is_raised_as_it_is() -> None:
    def broken() -> Iterable[Delivery]:
        yield a_delivery(1)
        raise StopHereError

    with pytest.raises(StopHereError):
        carry(broken(), always(200))


def test_a_rate_slows_deliveries_down_and_loses_no_delivery() -> None:
    async def work() -> list[bytes]:
        clock = FastClock(BEGIN)
        transport = FakeTransport(clock, in_turn(503, 200))
        options = DeliveryOptions(rate=10_000.0)
        dispatcher = Dispatcher(transport, clock, Chance.of(7, ""), options, lambda _: None)
        await asyncio.wait_for(
            dispatcher.deliver_all(StoryAgenda(one_by_one(due_after(*range(20))))), 30
        )
        return [each.body for each in transport.sent]

    bodies = asyncio.run(work())
    assert len(bodies) == 40
    assert len(set(bodies)) == 20
