"""Faults of deliveries in the service: of redeliveries, and of triggered events."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flowsim.core import headers
from flowsim.core.fault import POINTS
from flowsim.errors import ApiError
from flowsim.events_service.control.actions import redeliver
from flowsim.events_service.control.bodies import RedeliverBody, TriggerBody
from flowsim.events_service.control.trigger_faults import sending_of
from flowsim.events_service.control.triggering import Triggered, trigger
from flowsim.events_service.deliveries import delivery_faults
from flowsim.events_service.deliveries.delivery_faults import list_of_redelivery_faults
from flowsim.events_service.deliveries.delivery_request import attempt_of
from flowsim.events_service.deliveries.history import StoredHistory
from flowsim.events_service.deliveries.history_filter import DeliveryFilter
from flowsim.events_service.deliveries.history_rows import HistoryRow
from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.publishing.publishing import AT_ONCE
from flowsim.events_service.service import Service
from flowsim.families.registry import FAULTS
from flowsim.installation.key_sources import find_key
from flowsim.receiver.answers import Reception, judge

from ...webhook import Request, Webhook, status
from .. import running
from ..registering import register
from ..running import SUCCESS, advance, attempts_in, change, settled

AGAIN = DeliveryFilter()


@pytest.fixture
def local() -> Iterator[LocalService]:
    """A service in memory with a manual clock."""
    with run(LocalServiceOptions(clock="manual")) as opened:
        yield opened


def ask(service: Service, event_id: str, *faults: object) -> None:
    """Deliver an event again, with faults as in a request body."""
    body = RedeliverBody.model_validate({"faults": [*faults]})
    redeliver(service, event_id, None, body.faults)


def trigger_it(service: Service, faults: object, **more: Any) -> Triggered:
    """Publish the one success of a flow run, with faults as in a scenario."""
    text = f"faults: {json.dumps(faults)}\nevents: [{{flow_run: {{}}}}]"
    return trigger(service, TriggerBody.model_validate({"text": text, **more}))


def rows(service: Service) -> list[HistoryRow]:
    """Return all deliveries, the oldest first."""
    return [*reversed(StoredHistory(service.database).page(AGAIN, None, 100).rows)]


def judgement(service: Service, request: Request) -> Reception:
    """Return what ``flowsim receive`` says about a request."""
    own = service.installation.client_id
    return judge(request.body, request.headers, find_key(None), own)


def judging(service: Service, webhook: Webhook) -> None:
    """Let a webhook answer as ``flowsim receive`` does."""

    def answer(request: Request) -> Iterator[bytes]:
        return status(judgement(service, request).status_code)(request)

    webhook.answers = [answer]


# Redeliveries


def test_a_receiver_refuses_a_tampered_body_and_takes_the_event_without_it(
    local: LocalService, webhook: Webhook
) -> None:
    judging(local.service, webhook)
    register(local.service, webhook=webhook.url)
    event_id = trigger_it(local.service, []).events[0].event_id
    assert event_id
    settled(local, 1)
    ask(local.service, event_id, "tampered-body")
    settled(local, 2)
    ask(local.service, event_id)
    attempts = settled(local, 3)
    assert [each.status_code for each in reversed(attempts)] == [200, 401, 200]
    first, tampered, again = rows(local.service)
    assert [each.faults for each in (first, tampered, again)] == [
        (),
        (("tampered-body", None),),
        (),
    ]
    assert tampered.state == "dropped"
    sent, changed, third = (request.body for request in webhook.requests)
    assert (sent == third, len(sent) == len(changed), sent == changed) == (True, True, False)


def test_retries_go_on_with_the_fault_also_after_a_restart(
    webhook: Webhook, tmp_path: Path
) -> None:
    webhook.answers = [status(200), status(503)]
    options = LocalServiceOptions(clock="manual", data=tmp_path)
    with run(options) as local:
        register(local.service, webhook=webhook.url)
        event_id = trigger_it(local.service, []).events[0].event_id
        assert event_id
        settled(local, 1)
        ask(local.service, event_id, "tampered-body", "old-signature-header")
        advance(local, 60)
        settled(local, 3)
    with run(options) as local:
        advance(local, 15 * 60)
        settled(local, 6)
        sent = webhook.requests[1:]
        assert len(sent) == 5
        assert len({request.body for request in sent}) == 1
        assert len({request.headers["x-adobe-signature"] for request in sent}) == 1
        assert not any(judgement(local.service, request).verified for request in sent)
        retries = [request.headers.get("x-adobe-retry-count") for request in sent]
        assert retries == [None, "1", "2", "3", "4"]
        row = rows(local.service)[-1]
        assert (row.state, len(row.attempts)) == ("waiting", 5)
        again = attempt_of(local.service, row.number, 5)
        assert again
        assert again.delivery.signed.payload.body == sent[4].body
        assert headers.of_attempt(again).items() <= sent[4].headers.items()


def test_faults_of_each_point_act_on_a_redelivery(local: LocalService, webhook: Webhook) -> None:
    register(local.service, webhook=webhook.url)
    event_id = trigger_it(local.service, []).events[0].event_id
    assert event_id
    asked: list[object] = ["flat-run", "json-white-space", "signatures-swapped"]
    asked += [{"content-type": "text/plain"}, {"pair-missing": 2}]
    settled(local, 1)
    for number, fault in enumerate(asked, 2):
        ask(local.service, event_id, fault)
        settled(local, number)
    plain, flat, spaced, swapped, typed, missing = webhook.requests
    assert set(json.loads(flat.body)) != set(json.loads(plain.body))
    assert json.loads(spaced.body) == json.loads(plain.body)
    assert spaced.body != plain.body
    names = ("x-adobe-digital-signature-1", "x-adobe-digital-signature-2")
    assert swapped.headers[names[0]] == plain.headers[names[1]]
    assert typed.headers["content-type"] == "text/plain"
    assert [name in missing.headers for name in names] == [True, False]


def test_a_fault_of_the_connection_acts_on_a_redelivery(local: LocalService) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        register(local.service, webhook=f"http://127.0.0.1:{listening.getsockname()[1]}/hook")
        event_id = trigger_it(local.service, ["drop"]).events[0].event_id
        assert event_id
        ask(local.service, event_id, "chunked-body")
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as sent:
            lines = list(iter(sent.readline, b"0\r\n"))
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            settled(local, 1)
    assert lines[0] == b"POST /hook HTTP/1.1\r\n"
    assert b"transfer-encoding: chunked\r\n" in lines
    assert rows(local.service)[0].state == "delivered"


def test_a_delivery_with_a_fault_joins_no_batch(local: LocalService, webhook: Webhook) -> None:
    registration = register(local.service, webhook=webhook.url, delivery_type="webhook_batch")
    webhook.answers = [status(503), status(200)]
    ids = [trigger_it(local.service, []).events[0].event_id for _ in range(3)]
    assert ids[0]
    ask(local.service, ids[0], "tampered-body")
    advance(local, 3600)
    running.until(lambda: running.pending_in(local.service.database, registration.key) == 0)
    (tampered,) = [each for each in rows(local.service) if each.faults]
    assert (tampered.batch_size, tampered.event.event_id) == (1, ids[0])
    refused = [each for each in webhook.requests if not judgement(local.service, each).verified]
    delivery_ids = {each.headers["x-adobe-delivery-id"] for each in refused}
    assert delivery_ids == {each.delivery_id for each in tampered.attempts}


def refusal(service: Service, event_id: str, *faults: object) -> ApiError:
    with pytest.raises(ApiError) as caught:
        ask(service, event_id, *faults)
    return caught.value


TAKES = "a delivery takes faults at payload, body, signature, headers and wire"


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            "tamperd-body",
            "unknown fault 'tamperd-body'; expected tampered-body, truncated-body, or a name of "
            f"`flowsim faults`; {TAKES}",
        ),
        ("duplicate", f"fault duplicate acts at delivery; {TAKES}"),
        ("burst", f"fault burst acts at story; {TAKES}"),
        ("end-missing", f"fault end-missing acts at run; {TAKES}"),
        ("key-missing", f"fault key-missing acts at key; {TAKES}"),
        ("unknown-event-code", f"fault unknown-event-code acts at event; {TAKES}"),
        ({"pair-missing": 3}, "fault pair-missing with 3; expected 1 or 2"),
        ({"tampered-body": 3}, "fault tampered-body with 3; expected no argument"),
    ],
)
def test_a_fault_that_cannot_act_is_refused_in_one_sentence(
    service: Service, fault: object, sentence: str
) -> None:
    register(service)
    event_id = trigger_it(service, []).events[0].event_id
    assert event_id
    error = refusal(service, event_id, fault)
    assert (error.status_code, str(error)) == (400, sentence)
    assert len(rows(service)) == 1


def test_a_fault_of_a_family_needs_an_event_of_it_with_its_content(service: Service) -> None:
    running.register(service, "http://127.0.0.1:9/")
    event_id = running.publish(service).event.id  # the code of a run, and no run
    for kind in FAULTS.values():
        if kind.point in delivery_faults.POINTS:
            sentence = f"{kind.name} cannot act on the content of event {event_id}"
            with suppress(ApiError):
                ask(service, event_id, kind.name)
                continue
            error = refusal(service, event_id, kind.name)
            assert (error.status_code, str(error)) == (409, sentence)
    for row in rows(service):
        assert attempt_of(service, row.number)
    registration = register(service, "other", codes=("asset_created",))
    change(service, registration, enabled=True)
    text = "events: [{payload: 1, event_code: asset_created}]"
    body = {"text": text, "registration": registration.registration_id}
    other = trigger(service, TriggerBody.model_validate(body)).events[0].event_id
    assert other
    assert (
        str(refusal(service, other, "flat-run")) == "fault flat-run is for events of flow_run only"
    )


def test_the_list_names_what_a_redelivery_takes_and_each_can_act(service: Service) -> None:
    register(service)
    event_id = trigger_it(service, []).events[0].event_id
    assert event_id
    listed = list_of_redelivery_faults()
    assert {each.name for each in listed} == {
        kind.name for kind in FAULTS.values() if kind.point in delivery_faults.POINTS
    }
    assert [each.point for each in listed] == sorted(
        (each.point for each in listed), key=[*POINTS].index
    )
    plain = attempt_of(service, 1)
    assert plain
    for number, each in enumerate(listed, 2):
        assert each.summary
        assert each.proves
        ask(service, event_id, each.name if each.argument is None else {each.name: each.default})
        first, second = (attempt_of(service, number) for _ in range(2))
        assert first == second
        assert first
        assert [fault.name for fault in first.delivery.signed.payload.events[0].faults] == [
            each.name
        ]


# Triggered events


def test_faults_of_a_scenario_are_stored_with_the_deliveries_it_causes(
    local: LocalService, webhook: Webhook
) -> None:
    judging(local.service, webhook)
    for name in ("one", "two"):
        register(local.service, name, webhook=webhook.url)
    done = trigger_it(local.service, ["tampered-body", {"unknown-status": "new"}])
    assert len(done.events[0].registrations) == 2
    attempts = settled(local, 2)
    assert [each.status_code for each in attempts] == [401, 401]
    for row in rows(local.service):
        assert row.faults == (("tampered-body", None),)
        assert row.event.content["metrics"]["statusSummary"]["status"] == "new"


@pytest.mark.parametrize(
    ("fault", "minutes"),
    [
        ("duplicate", [0, 1]),
        ({"duplicate": 4}, [0, 1, 2, 3]),
        ({"delay": "10m"}, [10]),
        ({"stale-replay": "2h"}, [0, 120]),
        ("drop", []),
    ],
)
def test_faults_at_delivery_say_when_and_how_often_an_event_comes(
    local: LocalService, webhook: Webhook, fault: object, minutes: list[int]
) -> None:
    registration = register(local.service, webhook=webhook.url)
    begin = local.clock.now()
    done = trigger_it(local.service, [fault]).events[0]
    advance(local, 3 * 3600)
    attempts = attempts_in(local.service.database)[::-1]
    assert [each.at - begin for each in attempts] == [timedelta(minutes=each) for each in minutes]
    assert {each.event_id for each in attempts} <= {done.event_id}
    assert len({each.body for each in webhook.requests}) == min(1, len(minutes))
    assert len({each.delivery_id for each in attempts}) == len(minutes)
    reason = "the fault drop keeps it from the webhook"
    assert done.journal_only == ({} if minutes else {registration.registration_id: reason})


def test_the_copies_of_a_tampered_event_have_the_same_bytes(
    local: LocalService, webhook: Webhook
) -> None:
    register(local.service, webhook=webhook.url)
    trigger_it(local.service, ["duplicate", "tampered-body"])
    advance(local, 60)
    settled(local, 2)
    assert len({each.body for each in webhook.requests}) == 1
    assert not judgement(local.service, webhook.requests[0]).verified


@pytest.mark.parametrize(
    "fault",
    ["reorder", "retry-storm", "simultaneous-duplicates", "tried-before", "burst", "key-missing"],
)
def test_other_faults_of_a_scenario_are_refused(service: Service, fault: str) -> None:
    register(service)
    with pytest.raises(ApiError) as caught:
        trigger_it(service, [fault, "tampered-body"], file="my.yaml")
    assert str(caught.value) == (
        f"my.yaml: {fault} (at {FAULTS[fault].point}) acts in a replay only; expected faults at "
        "run, event, payload, body, signature, headers or wire, "
        "or delay, drop, duplicate or stale-replay"
    )
    assert rows(service) == []


def test_faults_of_deliveries_need_a_webhook_and_few_copies(service: Service) -> None:
    journal = register(service, webhook=None, delivery_type="journal")
    only = {"file": "my.yaml", "registration": journal.registration_id}
    for faults, sentence in {
        ("tampered-body", "duplicate"): "my.yaml: tampered-body (at signature) and duplicate "
        f"(at delivery) act on deliveries only; registration {journal.registration_id} "
        "has no webhook",
        ("odd-keys", "delay"): "my.yaml: delay (at delivery) acts on deliveries only; "
        f"registration {journal.registration_id} has no webhook",
    }.items():
        with pytest.raises(ApiError) as caught:
            trigger_it(service, faults, **only)
        assert str(caught.value) == sentence
    trigger_it(service, ["odd-keys"], **only)
    many = {"text": "events: [{flow_run: {}, repeat: 11, faults: [{duplicate: 1000}]}]"}
    with pytest.raises(ApiError, match=r"delivered 11,000 times; expected at most 10,000"):
        trigger(service, TriggerBody.model_validate(many))


def test_arguments_of_faults_survive_their_storage() -> None:
    """What a fault made of its argument is read as the same argument again."""
    for kind in FAULTS.values():
        argument = kind.parse()
        assert kind.parse(json.loads(json.dumps(argument))) == argument
    assert sending_of([]) == AT_ONCE
    assert sending_of([FAULTS["end-missing"].fault()]) == AT_ONCE


def test_a_fault_that_a_later_version_removed_does_not_stop_a_delivery(service: Service) -> None:
    register(service)
    event_id = trigger_it(service, []).events[0].event_id
    assert event_id
    ask(service, event_id, "tampered-body")
    before = attempt_of(service, 2)
    service.database.rows("UPDATE delivery SET faults = replace(faults, 'tampered', 'gone')")
    plain, after = attempt_of(service, 1), attempt_of(service, 2)
    assert before
    assert plain
    assert after
    assert before.delivery.signed != after.delivery.signed
    assert replace(after.delivery, number=1, is_again=False) == plain.delivery


def codes(events: Iterable[object]) -> set[object]:
    return {getattr(each, "event_code", None) for each in events}


def test_a_scenario_without_faults_is_delivered_as_before(
    local: LocalService, webhook: Webhook
) -> None:
    judging(local.service, webhook)
    register(local.service, webhook=webhook.url)
    assert codes(trigger_it(local.service, []).events) == {SUCCESS}
    assert [each.status_code for each in settled(local, 1)] == [200]
