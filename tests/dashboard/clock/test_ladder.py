"""A day of retries: general, of a delivery, and as a drawing."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import delivery
from flowsim.core.delivery import WINDOW
from flowsim.core.outcome import Outcome
from flowsim.dashboard.clock import drawing, ladder
from flowsim.dashboard.clock.ladder import LadderAttempt, RetryLadder
from flowsim.events_service import local_service
from flowsim.events_service.local_service import LocalServiceOptions

from ...events_service.running import advance, publish, register, settled
from ...webhook import Webhook, status

MANUAL = LocalServiceOptions(clock="manual")


def test_the_schedule_has_each_attempt_that_decide_allows() -> None:
    """Attempts are followed by the rule of deliveries, which ends after 24 hours."""
    ages, number, age = [0.0], 1, 0.0
    while isinstance(found := delivery.decide(_failed(), number, timedelta(seconds=age)), _Wait):
        age, number = age + found.seconds, number + 1
        ages.append(age)
    assert [each.age for each in ladder.general().attempts] == ages
    assert [each.after for each in ladder.general().attempts[:6]] == [
        *("0s", "1m", "3m", "7m", "15m", "30m")
    ]


_Wait = delivery.Wait


def _failed() -> Outcome:
    return Outcome(503, 0.0)


@given(number=st.integers(1, 200), age=st.floats(0, 200_000))
def test_the_rest_of_a_ladder_begins_where_a_delivery_stands(number: int, age: float) -> None:
    rest = [*delivery.ages(number, age)]
    assert all(each < WINDOW.total_seconds() for each in rest)
    assert rest[:1] == [age][: len(rest)]
    waits = [later - earlier for earlier, later in pairwise(rest)]
    assert all(
        abs(wait - delivery.backoff(number + place)) < 0.001 for place, wait in enumerate(waits)
    )


def test_a_ladder_shows_attempts_made_and_those_that_follow() -> None:
    answers = [status(503), status(429), lambda _: iter([b"no http\r\n\r\n"]), status(503)]
    with Webhook(answers) as webhook, local_service.run(MANUAL) as local:
        register(local.service, webhook.url, name="orders")
        publish(local.service)
        advance(local, 10 * 60)
        settled(local, 4)
        found = ladder.of_delivery(local.service, 1, local.clock.now())
        assert found is not None
        assert [each.status_code for each in found.attempts[:5]] == [503, 429, 601, 503, None]
        assert [each.after for each in found.attempts[:5]] == ["0s", "1m", "3m", "7m", "15m"]
        assert [each.number for each in found.attempts] == [*range(1, len(found.attempts) + 1)]
        assert (found.registration, found.state, found.age) == ("orders", "waiting", 600.0)
        assert len(found.attempts) == delivery.most_attempts()
        assert ladder.of_delivery(local.service, 2, local.clock.now()) is None


def test_a_delivery_that_ended_has_no_further_attempts(webhook: Webhook) -> None:
    with local_service.run(MANUAL) as local:
        register(local.service, webhook.url)
        publish(local.service)
        settled(local, 1)
        found = ladder.of_delivery(local.service, 1, local.clock.now())
        assert found is not None
        assert [(each.status_code, each.ending) for each in found.attempts] == [(200, "delivered")]


def test_each_class_of_answers_has_its_own_shape() -> None:
    """No class is known by its colour alone."""
    codes = [None, 200, 302, 404, 503, 601]
    attempts = [LadderAttempt(n, 60.0 * n, "", status_code=code) for n, code in enumerate(codes, 1)]
    marks = drawing.draw(RetryLadder(tuple(attempts))).marks
    assert len({each.kind for each in marks}) == len(codes)
    shapes = {"".join(c for c in each.path if c.isalpha()) for each in marks}
    assert len(shapes) == len(codes) - 1  # a circle is full, or empty for what is due


@given(age=st.floats(0, WINDOW.total_seconds(), exclude_max=True))
def test_all_marks_of_a_day_stand_inside_the_drawing(age: float) -> None:
    found = drawing.draw(RetryLadder((), age=age))
    assert found.now is not None
    x, y = found.now
    assert found.left <= x <= found.right + 0.1
    assert drawing.TOP <= y < found.height


def test_what_is_older_than_a_day_is_in_the_table_only() -> None:
    old = LadderAttempt(100, WINDOW.total_seconds() + 5, "1d", status_code=503)
    found = drawing.draw(RetryLadder((old,), age=WINDOW.total_seconds() * 2))
    assert (found.marks, found.now) == ((), None)
