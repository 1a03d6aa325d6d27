"""The service's clock, and how a manual one is advanced."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flowsim.core.instant import spell, whole_ms
from flowsim.errors import ApiError
from flowsim.events_service import local_service
from flowsim.events_service.control import overview, timekeeping
from flowsim.events_service.control.bodies import AttemptsQuery
from flowsim.events_service.control.timekeeping import advance, read, stop
from flowsim.events_service.service import Service
from flowsim.runtime.clock import Clock, RunningClock

from ...webhook import Request, Webhook, status
from ..manual_clock import advance as stand_later
from ..registering import register
from ..running import PATIENCE, until
from .test_triggering import triggered

MANUAL = local_service.LocalServiceOptions(clock="manual")

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "kind"),
    [
        (RunningClock(BEGIN), "real"),
        (RunningClock(BEGIN, 60), "60x"),
        (RunningClock(BEGIN, 0.5), "0.5x"),
    ],
)
def test_a_real_clock_has_no_end_and_cannot_be_advanced(
    service: Service, clock: Clock, kind: str
) -> None:
    service = replace(service, clock=clock)
    reading = read(service)
    assert (reading.kind, reading.end, reading.arrived) == (kind, None, True)
    with pytest.raises(ApiError, match="--clock manual") as caught:
        advance(service, 60, 0)
    assert caught.value.status_code == 409


def test_a_manual_clock_moves_only_when_advanced(
    service: Service,
) -> None:
    reading = read(service)
    assert reading.now == reading.end == "2026-01-15T09:30:00.000Z"
    assert reading.arrived
    unmoved = advance(service, 60, 0.02)
    assert (unmoved.end, unmoved.arrived) == ("2026-01-15T09:31:00.000Z", False)


def test_a_manual_clock_cannot_pass_the_latest_moment(service: Service) -> None:
    for _ in range(7):
        stand_later(service, timedelta(days=10 * 365))
    with pytest.raises(ApiError, match="until 2099 only") as caught:
        advance(service, 10 * 365 * 86_400, 0)
    assert caught.value.status_code == 400


def test_a_moving_clock_refuses_an_advance_but_can_be_waited_for(service: Service) -> None:
    on_its_way = advance(service, 7200, 0)
    stood = service.clock.now()
    with pytest.raises(
        ApiError, match="the clock is moving already, 0s of 2h have passed"
    ) as caught:
        advance(service, 60, 0)
    assert caught.value.status_code == 409
    assert "flowsim advance 0" in str(caught.value)
    assert advance(service, 0, 0).end == on_its_way.end
    assert service.clock.now() == stood


def test_a_stopped_clock_can_be_advanced_again() -> None:
    released = threading.Event()

    def late(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(request)

    with Webhook([status(503), late]) as webhook, local_service.run(MANUAL) as local:
        register(local.service, webhook=webhook.url)
        triggered(local.service, scenario="partial")
        begin = local.clock.now()
        advance(local.service, 86_400, 0)
        until(lambda: len(webhook.requests) == 2)
        stopped = stop(local.service)
        assert stopped.now == stopped.end == spell(begin + timedelta(minutes=1))
        assert not stopped.arrived
        released.set()
        until(lambda: read(local.service).arrived)
        assert read(local.service).now == stopped.now
        assert advance(local.service, 60, 5).now == spell(begin + timedelta(minutes=2))


def test_a_clock_that_no_caller_waits_for_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts under way end, and no other begins."""
    monkeypatch.setattr(timekeeping, "UNATTENDED", 0.0)
    with Webhook([status(503)]) as webhook, local_service.run(MANUAL) as local:
        register(local.service, webhook=webhook.url)
        triggered(local.service, scenario="partial")
        assert not advance(local.service, 10 * 365 * 86_400, 0).arrived
        until(lambda: read(local.service).arrived)
        clock = read(local.service)
        assert clock.now == clock.end
        assert len(webhook.requests) < 99


def test_the_timeout_of_an_advance_holds_until_the_clock_arrives() -> None:
    released = threading.Event()

    def hang(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(request)

    with Webhook([hang]) as webhook, local_service.run(MANUAL) as local:
        register(local.service, webhook=webhook.url)
        triggered(local.service, scenario="partial")
        until(lambda: len(webhook.requests) == 1)
        assert advance(local.service, 7 * 60, 5, timeout=0.2).arrived
        attempts = overview.attempts(local.service, AttemptsQuery())
        assert [each.status_code for each in attempts] == [604] * 4
        assert local.service.attempt_limit.seconds == 10
        released.set()


def test_a_clock_arrives_after_all_due_attempts_were_stored() -> None:
    options = local_service.LocalServiceOptions(clock="manual")
    with Webhook([status(503)] * 3 + [status(200)]) as webhook, local_service.run(options) as local:
        service = local.service
        register(service, webhook=webhook.url)
        triggered(service, scenario="partial")
        first = advance(service, 0, 5)
        assert first.arrived
        assert len(webhook.requests) == 1
        later = advance(service, 3600, 5)
        assert later.now == later.end
        assert later.arrived
        assert [each.headers.get("x-adobe-retry-count") for each in webhook.requests] == [
            None,
            "1",
            "2",
            "3",
        ]


def test_an_answered_advance_survives_a_crash(tmp_path: Path) -> None:
    with local_service.run(
        local_service.LocalServiceOptions(data=tmp_path, clock="manual")
    ) as local:
        assert advance(local.service, 0.2, 5).arrived
        assert local.service.settings.clock() == whole_ms(local.clock.now())
