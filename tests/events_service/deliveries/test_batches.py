"""What waits for a batch: in its order, and never more than fits."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.payload import MOST_EVENTS
from flowsim.events_service.deliveries.batches import Batches


@given(st.lists(st.tuples(st.integers(1, 2), st.integers()), max_size=120, unique=True))
def test_all_of_a_registration_leaves_in_full_batches_and_the_rest_when_it_is_taken(
    added: list[tuple[int, int]],
) -> None:
    batches: Batches[int] = Batches()
    expected, found = defaultdict(set), defaultdict(list)
    for registration, number in added:
        expected[registration].add(number)
        if full := batches.add(registration, number):
            assert len(full) == MOST_EVENTS
            assert full == sorted(full)
            found[registration] += full
        assert batches.size < 2 * MOST_EVENTS
    for registration in (1, 2):
        rest = batches.take(registration)
        assert rest == sorted(rest)
        assert sorted(found[registration] + rest) == sorted(expected[registration])
    assert batches.size == 0
