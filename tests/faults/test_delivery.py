"""Faults in how often and when an event is delivered, and in its headers."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flowsim import faults

from .life import Life, live, told


def dues(life: Life) -> list[float]:
    """Return when deliveries are due, in seconds after the first event."""
    begin = life.events[0].time
    return [(each.due - begin).total_seconds() for each in life.deliveries]


@pytest.mark.parametrize(
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
    assert dues(live(told(), fault)) == expected


@pytest.mark.parametrize("fault", ["duplicate", "simultaneous-duplicates", "stale-replay"])
def test_a_copy_has_the_same_bytes_and_event_id_and_a_delivery_id_of_its_own(fault: str) -> None:
    life = live(told(), fault)
    first, *others = life.headers
    assert others
    for other in others:
        assert {name for name in first if first[name] != other[name]} == {"x-adobe-delivery-id"}
    assert len({each["x-adobe-delivery-id"] for each in life.headers}) == len(life.headers)
    assert len({id(each.signed) for each in life.deliveries}) == 1


def test_the_attempts_of_a_storm_count_themselves() -> None:
    counts = [each.get("x-adobe-retry-count") for each in live(told(), "retry-storm").headers]
    assert counts == [None, *map(str, range(1, 10))]


def test_copies_of_several_faults_are_told_apart() -> None:
    life = live(told(), "duplicate", "stale-replay", ("retry-storm", 3), "delay")
    assert dues(life) == [300, 301, 302, 360, 21_900]
    assert sorted(each.copy for each in life.deliveries) == [0, 1, 2, 3, 4]
    assert len({each["x-adobe-delivery-id"] for each in life.headers}) == 5


def test_what_is_dropped_stays_so_and_is_counted_as_withheld() -> None:
    for others in (["duplicate", "delay"], ["stale-replay", "retry-storm"], ["reorder"]):
        for names in (["drop", *others], [*others, "drop"]):
            life = live(told(), *names)
            assert life.deliveries == []
            assert len(life.withheld) == 1


def order(*firsts: tuple[str, Any], gap: float = 60.0) -> list[str]:
    """Return in which order five events are delivered, of which the first suffers faults."""
    (event,) = told()
    suffered = tuple(faults.find(name).fault(argument, b"a seed") for name, argument in firsts)
    events = [
        replace(event, id=name, time=event.time + number * timedelta(seconds=gap))
        for number, name in enumerate("abcde")
    ]
    life = live([replace(events[0], faults=suffered), *events[1:]])
    assert [each.due for each in life.deliveries] == sorted(each.due for each in life.deliveries)
    return [each.signed.payload.events[0].id for each in life.deliveries]


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


def test_a_file_in_which_everything_is_reordered_is_shuffled_and_loses_nothing() -> None:
    (event,) = told()
    events = [replace(event, time=event.time + n * timedelta(minutes=1)) for n in range(40)]
    numbers = [each.number for each in live(events, "reorder").deliveries]
    assert numbers != sorted(numbers)
    assert sorted(numbers) == [*range(1, 41)]
    assert all(abs(place - number) <= 4 for place, number in enumerate(numbers, 1))


# Headers.


def test_header_names_in_capitals_are_the_same_names() -> None:
    (plain,), (capitals,) = live(told()).headers, live(told(), "header-case").headers
    assert {name.lower(): each for name, each in capitals.items()} == plain
    assert "X-Adobe-Public-Key1-Path" in capitals


def test_an_unsigned_request_has_neither_signatures_nor_key_paths() -> None:
    for names in (["unsigned"], ["unsigned", "header-case"], ["header-case", "unsigned"]):
        (headers,) = live(told(), *names).headers
        assert not [
            name for name in headers if "signature" in name.lower() or "key" in name.lower()
        ]
        assert len(headers) == 7


def test_a_content_type_is_the_stated_one() -> None:
    assert live(told(), "content-type").headers[0]["content-type"].endswith("-batch+json")
    (headers,) = live(told(), "header-case", ("content-type", "text/plain")).headers
    assert headers["Content-Type"] == "text/plain"
    assert "content-type" not in headers


def test_the_old_signature_is_base64_of_32_bytes_as_it_was() -> None:
    (headers,) = live(told(), "old-signature-header").headers
    assert len(b64decode(headers["x-adobe-signature"], validate=True)) == 32
