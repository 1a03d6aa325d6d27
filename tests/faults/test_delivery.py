"""Faults of how often and when an event is delivered."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flowsim.families.registry import FAULTS

from ..cases import for_each
from ..webhook import Request, Webhook, status
from .replaying import Flowsim, over_socket
from .way import Way, events_of, way_of


def dues(way: Way) -> list[float]:
    """Return when deliveries are due, in seconds after the first event."""
    begin = way.events[0].time
    return [(each.due - begin).total_seconds() for each in way.deliveries]


@for_each(
    ("fault", "expected"),
    [
        ("duplicate", [0, 60]),
        (("duplicate", 4), [0, 60, 120, 180]),
        (("simultaneous-duplicates", 3), [0, 0, 0]),
        ("stale-replay", [0, 21_600]),
        (("stale-replay", "2d"), [0, 172_800]),
        (("retry-storm", 4), [0, 1, 2, 3]),
        ("delay", [300]),
        (("delay", 2.5), [2.5]),
        ("drop", []),
    ],
)
def test_deliveries_are_due_as_the_fault_says(fault: Any, expected: list[float]) -> None:
    assert dues(way_of(events_of(), fault)) == expected


@pytest.mark.parametrize("fault", ["duplicate", "simultaneous-duplicates", "stale-replay"])
def test_a_copy_differs_in_its_delivery_id_only(fault: str) -> None:
    way = way_of(events_of(), fault)
    first, *others = way.headers
    assert others
    for other in others:
        assert {name for name in first if first[name] != other[name]} == {"x-adobe-delivery-id"}
    assert len({each["x-adobe-delivery-id"] for each in way.headers}) == len(way.headers)
    assert len({id(each.signed) for each in way.deliveries}) == 1


def test_the_attempts_of_a_retry_storm_have_rising_retry_counts() -> None:
    counts = [
        each.get("x-adobe-retry-count") for each in way_of(events_of(), "retry-storm").headers
    ]
    assert counts == [None, *map(str, range(1, 10))]


def test_an_event_that_was_tried_before_comes_once_with_a_high_retry_count() -> None:
    for fault, count in (("tried-before", "20"), (("tried-before", 5), "5")):
        (headers,) = way_of(events_of(), fault).headers
        assert headers["x-adobe-retry-count"] == count


def test_retries_of_an_event_that_was_tried_before_count_on(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    webhook.answers = [status(503), status(200)]
    result, requests = over_socket(flowsim, webhook, "{tried-before: 7}")
    counts = [request.headers["x-adobe-retry-count"] for request in requests]
    assert (result.exit_code, counts) == (0, ["7", "8"])


def test_copies_of_several_faults_have_different_delivery_ids() -> None:
    way = way_of(events_of(), "duplicate", "stale-replay", ("retry-storm", 3), "delay")
    assert dues(way) == [300, 301, 302, 360, 21_900]
    assert sorted(each.copy for each in way.deliveries) == [0, 1, 2, 3, 4]
    assert len({each["x-adobe-delivery-id"] for each in way.headers}) == 5


def test_a_dropped_event_stays_dropped_and_counts_as_withheld() -> None:
    for others in (["duplicate", "delay"], ["stale-replay", "retry-storm"], ["reorder"]):
        for names in (["drop", *others], [*others, "drop"]):
            way = way_of(events_of(), *names)
            assert way.deliveries == []
            assert len(way.withheld) == 1


def order(*firsts: tuple[str, Any], gap: float = 60.0) -> list[str]:
    """Return the order in which five events are delivered; the first has faults."""
    (event,) = events_of()
    suffered = tuple(FAULTS[name].fault(argument, b"a seed") for name, argument in firsts)
    events = [
        replace(event, id=name, time=event.time + number * timedelta(seconds=gap))
        for number, name in enumerate("abcde")
    ]
    way = way_of([replace(events[0], faults=suffered), *events[1:]])
    assert [each.due for each in way.deliveries] == sorted(each.due for each in way.deliveries)
    return [each.signed.payload.events[0].id for each in way.deliveries]


def test_deliveries_leave_in_the_order_in_which_they_are_due() -> None:
    assert order() == [*"abcde"]
    assert order(("delay", "90s")) == [*"bacde"]
    assert order(("stale-replay", "150s")) == [*"abcade"]
    assert order(("drop", None)) == [*"bcde"]
    assert order(("duplicate", 3)) == [*"aabacde"]


@pytest.mark.parametrize("gap", [0.0, 1.0, 60.0])
def test_a_reordered_event_comes_after_one_or_more_of_the_next(gap: float) -> None:
    assert order(("reorder", 1), gap=gap) in ([*"bacde"], [*"bcdea"])
    places = {order(("reorder", most), gap=60.0).index("a") for most in range(1, 5)}
    assert places <= {1, 2, 3, 4}


def test_a_scenario_with_all_events_reordered_loses_no_event() -> None:
    (event,) = events_of()
    events = [replace(event, time=event.time + n * timedelta(minutes=1)) for n in range(40)]
    numbers = [each.number for each in way_of(events, "reorder").deliveries]
    assert numbers != sorted(numbers)
    assert sorted(numbers) == [*range(1, 41)]
    assert all(abs(place - number) <= 4 for place, number in enumerate(numbers, 1))


def test_copies_have_the_same_bytes_and_signatures_and_new_delivery_ids(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    result, requests = over_socket(flowsim, webhook, "{duplicate: 3}", "{stale-replay: 6h}")
    assert result.exit_code == 0
    assert len(requests) == 4
    assert len({request.body for request in requests}) == 1
    for name, values in (("event-id", 1), ("digital-signature-1", 1), ("delivery-id", 4)):
        assert len({request.headers[f"x-adobe-{name}"] for request in requests}) == values
    assert "1 event (4 with copies), 4 deliveries, 4 attempts" in result.stdout


def test_a_copy_is_retried_like_any_delivery(flowsim: Flowsim, webhook: Webhook) -> None:
    webhook.answers = [status(503), status(200), status(503), status(200)]
    result, requests = over_socket(flowsim, webhook, "{stale-replay: 6h}")
    counts = [request.headers.get("x-adobe-retry-count") for request in requests]
    assert (result.exit_code, counts) == (0, [None, "1", None, "1"])
    assert len({request.headers["x-adobe-delivery-id"] for request in requests}) == 4


def test_simultaneous_duplicates_are_open_at_the_same_time(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    together = threading.Barrier(5, timeout=10)

    def answer(request: Request) -> Any:
        together.wait()
        return status(200)(request)

    webhook.answers = [answer]
    result, requests = over_socket(flowsim, webhook, "simultaneous-duplicates")
    assert (result.exit_code, len(requests)) == (0, 5)


def test_reordered_events_arrive_in_another_order(flowsim: Flowsim, webhook: Webhook) -> None:
    over_socket(flowsim, webhook, scenario="cloudevents")
    plain = [json.loads(request.body)["data"] for request in webhook.requests]
    webhook.requests.clear()
    target = ("--target", str(webhook.port))
    flowsim("replay", "cloudevents", "--set", "events.0.faults=[{reorder: 1}]", *target)
    found = [json.loads(request.body)["data"] for request in webhook.requests]
    assert [plain.index(each) for each in found] == [1, 0, 2]
