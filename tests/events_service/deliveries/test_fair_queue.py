"""Deliveries wait for a batch in order, and never more of them than it holds."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.delivery import Delivery
from flowsim.core.payload import MOST_EVENTS
from flowsim.events_service.deliveries.fair_queue import FairQueue
from flowsim.events_service.deliveries.loading import StoredPending
from flowsim.events_service.deliveries.table import StoredDelivery

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


async def never_load(pending: StoredPending) -> Delivery | None:
    """Fail: nothing is sent here."""
    raise AssertionError(pending)


def pending_of(registration: int, number: int) -> StoredPending:
    due = BEGIN + timedelta(seconds=number)
    row = StoredDelivery(number, registration, 1, due)
    return StoredPending(due, number, [row], never_load, 1, None)


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(0, 999)), max_size=120, unique=True))
def test_deliveries_leave_in_full_batches_or_when_an_attempt_ends(
    added: list[tuple[int, int]],
) -> None:
    queue = FairQueue(64, 192)
    expected, found = defaultdict(set), defaultdict(list)
    for registration, number in added:
        expected[registration].add(number)
        queue.add_to_batch(pending_of(registration, number))
        if queue.ready:
            numbers = [row.number for row in queue.ready.popleft().rows]
            assert len(numbers) == MOST_EVENTS
            assert numbers == sorted(numbers)
            found[registration] += numbers
        assert queue.held < 2 * MOST_EVENTS
    for registration in (1, 2):
        queue.end(registration)
    for rest in queue.ready:
        assert rest.rows == sorted(rest.rows, key=lambda row: row.number)
        found[rest.registration] += [row.number for row in rest.rows]
    assert {each: sorted(numbers) for each, numbers in found.items()} == {
        each: sorted(numbers) for each, numbers in expected.items()
    }
    assert queue.held == 0
