"""The service's clock, and how a manual one is told to go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowsim import local_service
from flowsim.clock import Clock, RunningClock
from flowsim.core.instant import whole_ms
from flowsim.errors import ApiError
from flowsim.service.service import Service
from flowsim.service.timekeeping import advance, read

from ..webhook import Webhook, status
from .registering import register
from .test_triggering import told

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "kind"),
    [
        (RunningClock(BEGIN), "real"),
        (RunningClock(BEGIN, 60), "60x"),
        (RunningClock(BEGIN, 0.5), "0.5x"),
    ],
)
def test_a_clock_that_goes_by_itself_has_no_end_and_cannot_be_told(
    service: Service, clock: Clock, kind: str
) -> None:
    service = replace(service, clock=clock)
    reading = read(service)
    assert (reading.kind, reading.end, reading.arrived) == (kind, None, True)
    with pytest.raises(ApiError, match="--clock manual") as caught:
        advance(service, 60, 0)
    assert caught.value.status_code == 409


def test_a_manual_clock_stands_until_it_is_told_and_is_not_waited_for_in_vain(
    service: Service,
) -> None:
    reading = read(service)
    assert reading.now == reading.end == "2026-01-15T09:30:00.000Z"
    assert reading.arrived
    nobody_moves_it = advance(service, 60, 0.02)
    assert (nobody_moves_it.end, nobody_moves_it.arrived) == ("2026-01-15T09:31:00.000Z", False)


def test_a_manual_clock_stays_in_our_time(service: Service) -> None:
    for _ in range(7):
        advance(service, 10 * 365 * 86_400, 0)
    with pytest.raises(ApiError, match="until 2099 only") as caught:
        advance(service, 10 * 365 * 86_400, 0)
    assert caught.value.status_code == 400


def test_it_has_arrived_when_all_that_was_due_on_its_way_was_attempted_and_written_down() -> None:
    options = local_service.Options(clock="manual")
    with Webhook([status(503)] * 3 + [status(200)]) as webhook, local_service.run(options) as local:
        service = local.service
        register(service, webhook=webhook.url)
        told(service, scenario="partial")
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


def test_an_advance_that_was_answered_is_not_taken_back_by_a_crash(tmp_path: Path) -> None:
    with local_service.run(local_service.Options(data=tmp_path, clock="manual")) as local:
        assert advance(local.service, 0.2, 5).arrived
        assert local.service.settings.clock() == whole_ms(local.clock.now())
