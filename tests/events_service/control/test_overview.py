"""The state of the service, its registrations and its attempts."""

from __future__ import annotations

import json
import urllib.request

import pytest

from flowsim.core import causes
from flowsim.errors import ApiError
from flowsim.events_service import local_service, openapi
from flowsim.events_service.control import overview
from flowsim.events_service.control.bodies import AttemptsQuery
from flowsim.events_service.control.timekeeping import advance
from flowsim.events_service.registrations import actions as registrations
from flowsim.events_service.service import Service

from ...webhook import Webhook, status
from ..registering import register
from .test_triggering import triggered


def test_a_new_service_has_an_identity_and_nothing_to_do(service: Service) -> None:
    seen = overview.read(service)
    assert (seen.data, seen.published, seen.pending, seen.registrations) == (":memory:", 0, 0, ())
    assert seen.installation.client_id == service.installation.client_id
    assert seen.clock.kind == "manual"
    for secret in (service.installation.client_secret, service.installation.token):
        assert secret not in repr(seen)


def test_each_registration_shows_what_is_under_way(service: Service) -> None:
    register(service, "reader", webhook=None)
    register(service, "hook")
    triggered(service, scenario="cloudevents")
    reader, hook = overview.read(service).registrations
    assert (reader.pending, reader.next_due, reader.webhook_url) == (0, None, None)
    assert (hook.pending, hook.next_due) == (3, "2026-01-15T09:30:00.000Z")
    assert (hook.status, hook.webhook_status, hook.enabled) == ("ACTIVE", "verified", True)
    assert overview.read(service).published == 3


def test_deliveries_of_deleted_registrations_are_under_way_too(service: Service) -> None:
    """Their retries go on, and so the service is not idle."""
    register(service, "hook", webhook="http://127.0.0.1:9/hook")
    gone = register(service, "gone", webhook="http://127.0.0.1:9/gone")
    triggered(service, scenario="partial")
    registrations.delete(service, gone)
    seen = overview.read(service)
    assert (seen.pending, seen.pending_of_deleted) == (2, 1)
    assert [(each.name, each.pending) for each in seen.registrations] == [("hook", 1)]


def test_attempts_are_counted_over_a_day_and_listed_in_their_order() -> None:
    options = local_service.LocalServiceOptions(clock="manual")
    with Webhook([status(503), status(200)]) as webhook, local_service.run(options) as local:
        service = local.service
        registration = register(service, webhook=webhook.url)
        event_id = triggered(service, scenario="partial").events[0].event_id
        advance(service, 60, 5)
        seen = overview.read(service).registrations[0]
        assert (seen.pending, seen.succeeded, seen.failed) == (0, 1, 1)
        first, second = overview.attempts(service, AttemptsQuery())
        assert (first.attempt, first.status_code, first.outcome) == (1, 503, "retry")
        assert (second.attempt, second.status_code, second.outcome) == (2, 200, "delivered")
        assert first.cause is second.cause is None
        assert second.registration_id == registration.registration_id
        assert second.event_id == event_id
        for query, found in (
            (AttemptsQuery(limit=1), [second]),
            (
                AttemptsQuery(event_id=event_id, registration=registration.registration_id),
                [first, second],
            ),
            (AttemptsQuery(event_id="other"), []),
        ):
            assert overview.attempts(service, query) == found
        advance(service, 86_400, 5)
        assert overview.read(service).registrations[0].failed == 0


def test_an_attempt_without_an_answer_has_its_cause_in_words() -> None:
    """It has the words of the console, traces and reports, and the API document describes it."""
    options = local_service.LocalServiceOptions(clock="manual")
    garbage = Webhook([lambda _: iter([b"no\r\n\r\n"])])
    with garbage as webhook, local_service.run(options) as local:
        plain, closed = local.url.replace("http:", "https:"), "http://127.0.0.1:9/"
        for number, url in enumerate((webhook.url, closed, plain)):
            register(local.service, str(number), webhook=url)
        triggered(local.service, scenario="partial")
        advance(local.service, 60, 5)
        with urllib.request.urlopen(f"{local.url}/_flowsim/attempts") as answer:
            found = json.load(answer)
    assert {each["status_code"]: each["cause"] for each in found} == {
        601: "its answer is not HTTP (Expected HTTP/, RTSP/ or ICE/): it begins with 'no'",
        602: "connection refused",
        611: causes.SPEAKS_PLAIN,
    }
    described = openapi.document(local.service.installation)["components"]["schemas"]
    assert described["AttemptSummary"]["properties"]["cause"]["anyOf"][0] == {"type": "string"}


def test_attempts_of_an_unknown_registration_are_a_404(service: Service) -> None:
    registration = register(service)
    query = AttemptsQuery(registration=registration.registration_id)
    assert overview.attempts(service, query) == []
    with pytest.raises(ApiError, match="no registration 'nobody'"):
        overview.attempts(service, AttemptsQuery(registration="nobody"))
