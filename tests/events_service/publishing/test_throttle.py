"""How often one api key may publish."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flowsim.events_service.publishing.routes import REQUESTS, Throttle


class Watch:
    """Real time that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def take(watch: Watch) -> Callable[[str], int | None]:
    return Throttle(watch).take


def use_up(take: Callable[[str], int | None], key: str) -> None:
    assert {take(key) for _ in range(REQUESTS)} == {None}


def test_after_3000_requests_in_5_seconds_the_next_is_refused(
    take: Callable[[str], int | None], watch: Watch
) -> None:
    use_up(take, "key")
    assert take("key") == 5
    watch.now += 1.5
    assert take("key") == 4
    watch.now += 3.4999
    assert take("key") == 1
    watch.now += 0.001
    use_up(take, "key")


def test_each_api_key_is_counted_on_its_own(take: Callable[[str], int | None]) -> None:
    use_up(take, "key")
    assert take("key") == 5
    assert take("other") is None


def test_api_keys_without_requests_for_longest_are_dropped(
    take: Callable[[str], int | None],
) -> None:
    use_up(take, "key")
    for number in range(10_000):
        take(f"other {number}")
    assert take("key") is None
