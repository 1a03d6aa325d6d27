"""From a scenario to published events."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result

from flowsim.errors import ApiError
from flowsim.events_service.control.bodies import TriggerBody
from flowsim.events_service.control.triggering import MOST_EVENTS, Triggered, trigger
from flowsim.events_service.providers.model import CUSTOM, EventMetadata
from flowsim.events_service.publishing.table import Events, StoredEvent
from flowsim.events_service.service import Service
from flowsim.scenario.files import shipped
from flowsim.story.opening import open_story

from ...cases import one_in
from ..registering import register

SUCCESS, FAILED = "sources_flow_run_success", "sources_flow_run_failed"


def triggered(service: Service, **body: Any) -> Triggered:
    return trigger(service, TriggerBody.model_validate(body))


def refusal(service: Service, **body: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        triggered(service, **body)
    return caught.value


def journal(service: Service, key: int) -> list[StoredEvent]:
    return Events(service.database).entries(key, 0, 1000)


def test_events_of_a_scenario_are_published_in_order_to_interested_registrations(
    service: Service,
) -> None:
    both = register(service)
    failures = register(service, "failures", codes=(FAILED,))
    done = triggered(service, scenario="cloudevents")
    ids = both.registration_id, failures.registration_id
    assert [(each.event_code, each.registrations) for each in done.events] == [
        (SUCCESS, ids[:1]),
        (SUCCESS, ids[:1]),
        (FAILED, ids),
    ]
    kept = journal(service, both.key)
    assert [each.event.id for each in kept] == [each.event_id for each in done.events]
    assert [each.event.id for each in journal(service, failures.key)] == [kept[2].event.id]


def test_contents_follow_from_the_story_and_ids_from_the_service(
    service: Service,
) -> None:
    registration = register(service)
    done = [triggered(service, scenario="partial") for _ in range(2)]
    assert done[0].seed == 7
    assert done[0].at == "2026-01-15T09:30:00.000Z"
    story = [event.notification.content for event in open_story("partial").events()]
    kept = [each.event.notification.content for each in journal(service, registration.key)]
    assert kept == story * 2
    assert done[0].events[0].event_id != done[1].events[0].event_id


def test_a_story_without_a_time_begins_at_the_services_clock(
    service: Service,
) -> None:
    done = triggered(service, text="events: [{flow_run: {}}]")
    assert done.at == "2026-01-15T09:30:00.000Z"
    again = triggered(service, text="events: [{flow_run: {}}]", seed=done.seed, at=done.at)
    assert (again.seed, again.at) == (done.seed, done.at)


def test_options_change_the_story_as_on_the_command_line(service: Service) -> None:
    register(service)
    done = triggered(
        service,
        scenario="partial",
        set=["flow_run.records.failed=60", "events.0.repeat=2"],
        seed=9,
        at="2026-02-01T00:00:00Z",
    )
    assert [each.event_code for each in done.events] == [FAILED] * 2
    assert (done.seed, done.at) == (9, "2026-02-01T00:00:00.000Z")
    assert triggered(service, scenario="partial", seed="random").seed != 7


def test_a_named_registration_gets_events_it_did_not_ask_for(service: Service) -> None:
    register(service)
    named = register(service, "failures", codes=(FAILED,))
    done = triggered(service, scenario="success", registration=named.registration_id)
    assert done.events[0].registrations == (named.registration_id,)


def test_an_event_without_interested_registrations_has_no_id(service: Service) -> None:
    event = triggered(service, scenario="success").events[0]
    assert (event.event_id, event.registrations, event.filtered) == (None, (), ())
    assert Events(service.database).last_seq() == 0


def test_a_payload_has_the_provider_and_the_code_that_the_scenario_says(service: Service) -> None:
    own = replace(
        service.platform_provider,
        id="11111111-1111-4111-8111-111111111111",
        org=service.installation.org,
        metadata=CUSTOM,
        instance_id="mine",
        publisher=service.installation.ims_org,
    )
    with service.database.transaction() as connection:
        service.providers.put(connection, own)
        service.providers.put_metadata(connection, EventMetadata(own.id, "my_code", "l", "d"))
    registration = register(service, codes=("my_code",), provider_id=own.id)
    header = f"{CUSTOM}_{service.installation.ims_org}_mine"
    for name in (own.id, header):
        text = f"registration: {{provider: '{name}'}}\nevents:\n"
        text += "  - {payload: [é], event_code: my_code}\n  - flow_run: {}\n"
        payload, run = triggered(service, text=text).events
        assert (payload.registrations, run.registrations) == ((registration.registration_id,), ())
    told_as = [each.event.notification.content for each in journal(service, registration.key)]
    assert [(each["source"], each["data"]) for each in told_as] == [(own.source, ["é"])] * 2
    assert told_as[0]["id"] != told_as[1]["id"]


def test_an_unknown_provider_of_a_payload_is_a_mistake(
    service: Service,
) -> None:
    text = "registration: {provider: nobody}\nevents: [{payload: 1}]"
    error = refusal(service, text=text, file="my.yaml")
    assert error.status_code == 400
    assert str(error).startswith("my.yaml: registration.provider: unknown provider 'nobody'; ")
    assert "platform_notifications" in str(error)
    runs = "registration: {provider: nobody}\nevents: [{flow_run: {}}]"
    assert triggered(service, text=runs).events[0].event_code == SUCCESS


def test_mistakes_of_a_scenario_read_as_on_the_command_line(
    service: Service, flowsim: Callable[..., Result], scenario: Callable[[str], str]
) -> None:
    text = "events:\n  - flow_run: {records: {input: 10, failed: 30}, stagee: copy}\n"
    path = scenario(text)
    error = refusal(service, text=text, file=path)
    assert (error.status_code, error.reason) == (400, "Mistaken Scenario")
    assert str(error) + "\n" == flowsim("validate", path).stderr
    told_off = refusal(service, scenario="partial", set=["flow_run.recrods=1"])
    assert str(told_off) + "\n" == flowsim("show", "partial", "--set", "flow_run.recrods=1").stderr
    assert Events(service.database).last_seq() == 0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"scenario": "partail"},
            "no shipped scenario or event code 'partail'; did you mean partial?",
        ),
        (
            {"scenario": "/etc/passwd"},
            "no shipped scenario or event code '/etc/passwd'; expected a name of ",
        ),
        ({"text": ""}, "scenario:1:1: an empty file; expected"),
        ({"text": "a: *b", "file": "my.yaml"}, r"my.yaml:1:4: a: \*b; expected &b before it"),
        ({"scenario": "partial", "set": ["seed"]}, "'seed' has no form KEY=VALUE"),
        ({"scenario": "partial", "at": "noon"}, "--at noon: at: 'noon'; expected a moment"),
        (
            {"scenario": "partial", "set": ["events.0.repeat=10001"]},
            f"partial: a story of 10,001 events; expected at most {MOST_EVENTS:,}",
        ),
        (
            {"scenario": "partial", "set": ["faults=[end-missing, reorder, burst]"]},
            r"partial: reorder \(at delivery\) and burst \(at story\) act in a replay only; "
            "expected faults at run, event, payload, body, signature, headers or wire, "
            "or delay, drop, duplicate or stale-replay",
        ),
    ],
)
def test_a_scenario_with_mistakes_publishes_nothing(
    service: Service, body: dict[str, Any], message: str
) -> None:
    register(service)
    error = refusal(service, **body)
    assert error.status_code == 400
    assert re.match(message, str(error))
    assert Events(service.database).last_seq() == 0


def test_faults_in_the_content_of_events_are_published(service: Service) -> None:
    registration = register(service)
    settings = ["faults=[{unknown-status: new}, {unknown-event-code: sources_flow_run_success}]"]
    triggered(service, scenario="partial", set=settings)
    (kept,) = journal(service, registration.key)
    content = kept.event.notification.content
    assert content["metrics"]["statusSummary"]["status"] == "new"


def test_a_registration_that_does_not_exist_is_a_404(service: Service) -> None:
    error = refusal(service, scenario="partial", registration="nobody")
    assert (error.status_code, str(error)) == (404, "no registration 'nobody'")


@pytest.mark.parametrize(
    "name", one_in(4, [each for each in shipped() if not each.startswith("faults-")])
)
def test_every_shipped_scenario_without_faults_can_be_triggered(
    service: Service, name: str
) -> None:
    register(service, codes=(SUCCESS, FAILED))
    done = triggered(service, scenario=name)
    assert len(done.events) == open_story(name).event_count
    assert done.description


def test_registrations_that_are_sent_nothing_are_named_with_the_reason(service: Service) -> None:
    off = register(service, "off", enabled=False)
    disabled = register(service, "disabled", status="hook_unreachable")
    action = register(service, "action", webhook=None, delivery_type="webhook", runtime_action="a")
    bridge = register(service, "bridge", webhook=None, delivery_type="aws_eventbridge")
    for each in (register(service), register(service, "reader", webhook=None)):
        assert each.undelivered == ""
    (event,) = triggered(service, scenario="partial").events
    assert len(event.registrations) == 6
    assert event.journal_only == {
        off.registration_id: "it is switched off",
        disabled.registration_id: "it is DISABLED",
        action.registration_id: "nothing is delivered to runtime actions here",
        bridge.registration_id: "nothing is delivered to Amazon EventBridge here",
    }


def test_a_dry_run_finds_mistakes_and_publishes_nothing(service: Service) -> None:
    mine = register(service)
    assert triggered(service, scenario="partial", dry_run=True).events == ()
    assert journal(service, mine.key) == []
    assert refusal(service, text="events: []", dry_run=True).status_code == 400


def test_chosen_registrations_get_what_they_subscribe_to(service: Service) -> None:
    chosen = register(service, "chosen")
    register(service, "not chosen")
    failures = register(service, "failures", codes=(FAILED,))
    ids = [chosen.registration_id, failures.registration_id]
    done = triggered(service, scenario="cloudevents", registrations=ids)
    assert [[*each.registrations] for each in done.events] == [ids[:1], ids[:1], ids]
    assert [each.result for each in done.events] == ["success", "partial", "failed"]
    assert triggered(service, scenario="partial", registrations=[]).events[0].event_id is None
    assert refusal(service, scenario="partial", registrations=["none"]).status_code == 404
