"""Deliveries with faults leave in the order in which they are due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.delivery import Delivery
from flowsim.core.event import Event, Notification
from flowsim.core.fault import POINTS, Fault, acts_at, disturb
from flowsim.core.instant import DueQueue
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.faults.disturbance import DisturbedDeliveries

BEGIN = datetime(2026, 1, 15, tzinfo=UTC)
Times = list[int]


def moment(seconds: int) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


# What comes later.


@given(st.lists(st.integers(0, 50)), st.integers(0, 50))
def test_items_that_are_due_come_in_order_and_others_wait(times: Times, now: int) -> None:
    later: DueQueue[tuple[int, int]] = DueQueue()
    for place, seconds in enumerate(times):
        later.add(moment(seconds), (seconds, place))
    due = list(later.until(moment(now)))
    rest = list(later.rest())
    assert due + rest == sorted((seconds, place) for place, seconds in enumerate(times))
    assert all(seconds <= now for seconds, _ in due)
    assert all(seconds > now for seconds, _ in rest)
    assert list(later.rest()) == []


# What a fault is.


def test_faults_act_at_their_point_in_the_order_given() -> None:
    def add(letter: str, point: str) -> Fault:
        return Fault(letter, point, letter, lambda value, fault: value + fault.argument)

    faults = (add("a", "body"), add("b", "wire"), add("c", "body"))
    assert disturb("body", "-", faults) == "-ac"
    assert disturb("wire", "-", faults) == "-b"
    assert disturb("key", "-", faults) == "-"
    assert [acts_at(point, faults) for point in ("body", "wire", "key")] == [True, True, False]


def test_a_draw_follows_from_the_seed_and_its_name() -> None:
    fault = Fault("a", "body", None, lambda value, _: value, b"seed")
    assert fault.draw(8) == fault.draw(8) == fault.draw(16)[:8]
    assert len({fault.draw(8), fault.draw(8, "x"), fault.seeded("1").draw(8)}) == 3
    assert fault.seeded("1") == fault


def test_the_points_act_from_the_story_to_the_socket() -> None:
    assert [*POINTS][:3] == ["story", "run", "event"]
    assert [*POINTS][-3:] == ["delivery", "headers", "wire"]


# What leaves.


def deliveries(times: Times, *suffering: Fault) -> Iterator[Delivery]:
    """Yield deliveries that are due at these seconds, in order."""
    for number, seconds in enumerate(sorted(times), 1):
        event = Event(
            str(number), moment(seconds), "delivered", Notification("c", "event", 1), suffering
        )
        signed = SignedPayload(Payload(b"1", "t", (event,)), ("a", "b"), ("c", "d"))
        yield Delivery(number, signed, moment(seconds), "u", "p")


def disturbed(times: Times, *suffering: Fault) -> tuple[list[Delivery], list[Delivery]]:
    withheld: list[Delivery] = []
    way = DisturbedDeliveries(lambda signed: signed, withheld.append)
    found = [each for one in deliveries(times, *suffering) for each in way.take(one)]
    return [*found, *way.rest()], withheld


def moved(by: int) -> Fault:
    """Return a fault that adds a delivery, and moves the first one later or behind others."""

    def act(each: tuple[Delivery, ...], fault: Fault) -> tuple[Delivery, ...]:
        (first,) = each
        drawn = fault.argument * first.number % 7
        copy = replace(first, copy=1, behind=drawn)
        return replace(first, due=first.due + timedelta(seconds=drawn)), copy

    return Fault("moved", "delivery", by, act)


@given(st.lists(st.integers(0, 30)), st.integers(0, 6))
def test_no_delivery_is_lost_and_all_leave_in_order(times: Times, by: int) -> None:
    found, withheld = disturbed(times, moved(by))
    dues = [each.due for each in found]
    assert dues == sorted(dues)
    both = [(number, copy) for number in range(1, len(times) + 1) for copy in (0, 1)]
    assert sorted((each.number, each.copy) for each in found) == both
    assert all(each.due >= each.signed.payload.events[0].time for each in found)
    assert withheld == []


@given(st.lists(st.integers(0, 30)))
def test_without_faults_deliveries_leave_as_they_come(times: Times) -> None:
    assert disturbed(times) == (list(deliveries(times)), [])


def test_only_faults_of_the_key_host_change_key_paths() -> None:
    def rename(signed: SignedPayload) -> SignedPayload:
        return replace(signed, key_paths=("x", "y"))

    way = DisturbedDeliveries(rename, lambda _: None)
    key = Fault("k", "key", None, lambda value, _: value)
    (plain,) = way.take(next(deliveries([0])))
    (renamed,) = way.take(next(deliveries([0], key)))
    assert (plain.signed.key_paths, renamed.signed.key_paths) == (("c", "d"), ("x", "y"))
