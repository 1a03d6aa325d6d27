"""Adobe's side as a service, for one test."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from flowsim.errors import ApiError, FlowsimError, UnreachableError
from flowsim.events_service.control import timekeeping, triggering
from flowsim.events_service.control.bodies import LONGEST_WAIT, TriggerBody
from flowsim.runtime.clock import ManualClock
from flowsim.testing.public_keys import PublicKeys
from flowsim.testing.receiver import Receiver
from flowsim.testing.service import EventsService

from ..events_service.running import change
from ..families.own import own_families
from ..webhook import Webhook, echo, status


@pytest.fixture
def running() -> Iterator[EventsService]:
    with EventsService() as found:
        yield found


@pytest.fixture
def hook(keys: PublicKeys) -> Iterator[Receiver]:
    with Receiver(keys) as found:
        yield found


def test_a_registered_webhook_gets_triggered_events(running: EventsService, hook: Receiver) -> None:
    made = running.register(hook.url)
    done = running.trigger("partial")
    (one,) = hook.received
    assert one.headers["x-adobe-event-id"] == done.events[0].event_id
    assert one.reception.verified
    assert running.status(made) == "ACTIVE"
    (entry,) = running.journal(made)
    assert entry["eventid"] == done.events[0].event_id


def test_a_service_may_know_families_of_its_user(tmp_path: Path, hook: Receiver) -> None:
    with EventsService(families=own_families(tmp_path)) as service:
        made = service.register(hook.url, events=["order.placed"])
        (event,) = service.trigger("order.placed").events
        assert (event.registrations, event.event_code) == ((made.registration_id,), "order.placed")
        assert re.fullmatch(r"order \d{3}", event.says)
    assert hook.received[0].headers["x-adobe-provider"] == "orders"


def test_one_trigger_may_bring_families(running: EventsService, tmp_path: Path) -> None:
    """The service knows their provider from then on, so a registration may ask for the code."""
    own, reader = own_families(tmp_path), running.register()
    for scenario in ("order.placed", {"events": [{"order": {"items": 2}}]}):
        (event,) = running.trigger(scenario, families=own, registration=reader).events
        assert event.registrations == (reader.registration_id,)
    with pytest.raises(FlowsimError, match="no scenario, file or event code"):
        running.trigger("order.placed")
    with pytest.raises(FlowsimError):
        running.trigger("partial", families=tmp_path / "missing")


def test_a_day_of_retries_takes_no_time(running: EventsService, hook: Receiver) -> None:
    made = running.register(hook.url)
    hook.respond("503")
    running.trigger("partial")
    before = running.now
    assert running.advance("24h") - before == timedelta(hours=24)
    tried = running.attempts(made)
    assert len(tried) == len(hook.received) > 90
    assert {each.status_code for each in tried} == {503}
    assert running.status(made) == "UNSTABLE"
    assert running.attempts() == tried


def test_an_event_can_be_delivered_again(running: EventsService, hook: Receiver) -> None:
    running.register(hook.url, batch=True)
    done = running.trigger("partial")
    running.redeliver(str(done.events[0].event_id))
    assert len(hook.received) == 2


def test_an_event_can_be_delivered_again_with_a_fault(
    running: EventsService, hook: Receiver
) -> None:
    running.register(hook.url)
    (event,) = running.trigger("partial").events
    running.redeliver(str(event.event_id), faults="tampered-body")
    running.redeliver(str(event.event_id), faults=[{"one-signature-invalid": 1}, "unsigned"])
    assert [each.reception.verified for each in hook.received] == [True, False, False]
    with pytest.raises(ApiError, match="tampered-body"):
        running.redeliver(str(event.event_id), faults=["tampered-bdy"])


def test_a_journal_is_read_to_its_end(running: EventsService) -> None:
    made = running.register(name="reader", client_id="f" * 32)
    running.trigger("partial", registration=made, seed=7)
    many = {"events": [{"flow_run": {}, "repeat": 150}]}
    running.trigger(many, set={"flow_run.records.input": 5}, at=running.now)
    entries = running.journal(made)
    assert len(entries) == 151
    assert {each["recipientclientid"] for each in entries} == {"f" * 32}


def test_registrations_ask_for_codes_and_may_filter(running: EventsService) -> None:
    failures = running.register(events=["sources_flow_run_failed"])
    every = running.register()
    running.trigger("partial")
    running.trigger("failure-copy")
    assert (len(running.journal(failures)), len(running.journal(every))) == (1, 2)
    with pytest.raises(ApiError, match="no_such_code"):
        running.register(events=["no_such_code"])
    with pytest.raises(ApiError, match="filter") as raised:
        running.register(subscriber_filter={"type": ["sources_flow_run_failed"]})
    assert str(raised.value).endswith("so call deliver_as('cloud_events') of the service first")
    running.deliver_as("cloud_events")
    filtered = running.register(subscriber_filter={"type": ["sources_flow_run_failed"]})
    running.trigger("partial")
    running.trigger("failure-copy")
    assert len(running.journal(filtered)) == 1
    with pytest.raises(ApiError, match="platform_delivery_format"):
        running.deliver_as("xml")


def test_scenarios_of_the_project_are_found(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("events:\n  - flow_run: {}\n")
    with EventsService(folders=[tmp_path]) as running:
        running.register()
        assert len(running.trigger("mine").events) == 1
        with pytest.raises(FlowsimError, match="did you mean partial"):
            running.trigger("partail")
        with pytest.raises(ApiError, match="seed"):
            running.trigger("mine", seed=-1)


def test_a_webhook_has_to_answer_the_challenge(running: EventsService) -> None:
    with pytest.raises(UnreachableError) as raised:
        running.register(1)
    assert str(raised.value).startswith(
        "the webhook at http://127.0.0.1:1/ does not answer the challenge: it must answer GET with "
    )
    assert str(raised.value).endswith("; now: [602 network] connection refused")


def test_a_webhook_is_not_active_before_its_validation_url_is_opened(
    running: EventsService,
) -> None:
    with Webhook([status(200)]) as bin_, pytest.raises(UnreachableError) as raised:
        running.register(bin_.url)
    said, _, url = str(raised.value).partition(": http://")
    assert said.endswith("waits for its validation URL to be opened")
    assert requests.get(f"http://{url}", timeout=10).ok


def test_the_service_answers_http_requests_with_the_token(running: EventsService) -> None:
    own = running.identity
    answer = requests.get(
        f"{running.url}/events/{own['FLOWSIM_ORG']}/registrations",
        headers={
            "authorization": f"Bearer {own['FLOWSIM_TOKEN']}",
            "x-api-key": own["FLOWSIM_CLIENT_ID"],
        },
        timeout=10,
    )
    assert answer.json()["_embedded"] == {"registrations": []}


def test_a_running_clock_cannot_be_advanced(hook: Receiver) -> None:
    with EventsService("real") as running:
        running.register(hook.url)
        running.trigger("partial")
        with pytest.raises(ApiError, match="the clock moves by itself"):
            running.advance(1)
        assert not isinstance(running.local.clock, ManualClock)


def test_attempts_may_be_cut_while_time_passes(running: EventsService) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, Webhook([echo]) as webhook:
        made = running.register(webhook.url)
        gone = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        change(running.local.service, made, webhook_url=gone)
        triggering.trigger(running.local.service, TriggerBody(scenario="partial"))
        running.advance("3m", timeout="100ms")
        assert [each.status_code for each in running.attempts(made)] == [604] * 3
        causes = {each.cause for each in running.attempts(made)}
        assert causes == {"no complete answer within 100ms: nothing came"}
        for wrong in (0, "11s", "soon"):
            with pytest.raises(FlowsimError, match="timeout"):
                running.advance("1h", timeout=wrong)


def test_a_clock_that_stopped_by_itself_goes_on(
    running: EventsService, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does where nothing waits for it for half a minute, as in a debugger."""
    made = running.register(hook.url)
    hook.respond("503")
    running.trigger("partial")
    monkeypatch.setattr(timekeeping, "UNATTENDED", 0.02 - LONGEST_WAIT)
    before = running.now
    assert running.advance("24h") - before == timedelta(hours=24)
    assert len(running.attempts(made)) == 99


@pytest.mark.parametrize("clock", ["fast", "quick"])
def test_an_invalid_clock_is_refused(clock: str) -> None:
    with (
        pytest.raises(FlowsimError, match="a service has a manual clock, real, or a speed"),
        EventsService(clock),
    ):
        pass


def test_an_invalid_duration_is_refused(running: EventsService) -> None:
    with pytest.raises(FlowsimError, match=r"advance\('soon'\): expected a duration such as 90s"):
        running.advance("soon")


def test_an_attempt_is_looked_up_or_the_nearest_is_named(
    running: EventsService, hook: Receiver
) -> None:
    made, other = running.register(hook.url), running.register()
    hook.respond("503,200")
    (event,) = running.trigger("partial", registration=made).events
    running.advance("1h")
    first, second = running.attempts()
    assert running.attempt(made, number=1) == first
    assert running.attempt(status=200, event_id=event.event_id) == second
    with pytest.raises(AssertionError, match="no attempt with status=503; there is no attempt at"):
        running.attempt(other, status=503)
    with pytest.raises(AssertionError) as raised:
        running.attempt(status=500, number=1)
    assert str(raised.value).startswith(
        "no attempt with status=500, number=1; the nearest of 2 has status=503 (number=1, outcome="
    )


def test_what_the_service_does_not_have_is_named_beside_the_nearest(
    running: EventsService, hook: Receiver
) -> None:
    with EventsService() as another:
        stranger = another.register(name="staging hook")
    running.register(name="staging-hook")
    for ask in (running.status, running.journal, running.attempts):
        with pytest.raises(ApiError, match="no registration 'staging hook'; expected staging-hook"):
            ask(stranger)
    with pytest.raises(ApiError, match="no registration 'staging hook'; expected staging-hook"):
        running.trigger("partial", registration=stranger)
    running.register(hook.url)
    (event,) = running.trigger("partial").events
    near = f"expected {event.event_id}, or the id of an event that a journal has"
    with pytest.raises(ApiError, match=near):
        running.redeliver(f"{event.event_id}0")
    with pytest.raises(ApiError, match="expected sources_flow_run_failed, or an event code of"):
        running.register(events=["sources_flow_run_success", "sources_flow_run_faild"])


def test_events_and_attempts_are_shown_in_tables(running: EventsService, hook: Receiver) -> None:
    assert running.happened == "no event\nno attempt"
    running.register(hook.url, events=["sources_flow_run_failed"], name="failures")
    running.trigger("partial")
    hook.respond("503")
    (event,) = running.trigger("failure-copy").events
    id_ = str(event.event_id)[:8]
    assert [re.split(" {2,}", line) for line in running.happened.splitlines()] == [
        ["2 events"],
        ["event", "event code", "registrations"],
        ["-", "sources_flow_run_success", "none takes it"],
        [id_, "sources_flow_run_failed", "failures"],
        ["1 attempt"],
        ["event", "registration", "try", "answer", "outcome"],
        [id_, "failures", "1", "[503]", "retry"],
    ]
