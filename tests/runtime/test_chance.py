"""What is drawn, and what only has to be different."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from flowsim.runtime.chance import distinct_ids


def test_distinct_ids_differ_between_threads_and_between_makers() -> None:
    one, other = distinct_ids(), distinct_ids()
    with ThreadPoolExecutor(4) as pool:
        lists = pool.map(lambda make: [*islice(iter(make, None), 2_500)], [one, one, one, other])
    ids = [each for made in lists for each in made]
    assert len({*ids}) == 10_000
    assert {len(each) for each in ids} == {32}
    assert all(int(each, 16) >= 0 for each in ids)
