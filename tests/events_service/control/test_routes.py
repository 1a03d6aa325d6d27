"""The control calls, in process."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from flowsim.events_service import application as events_service
from flowsim.events_service.control.bodies import LONGEST_WAIT
from flowsim.events_service.service import Service, ServiceOptions

from ..registering import register

PREFIX = "/_flowsim"


def call(api: FlaskClient, method: str, path: str, body: object = None, **options: Any) -> Any:
    """Return the JSON of an answer that is to be a 200."""
    options |= {} if body is None else {"json": body}
    answer = api.open(f"{PREFIX}/{path}", method=method, **options)
    assert answer.status_code == 200, answer.text
    assert "access-control-allow-origin" not in answer.headers
    return answer.json


def test_a_scenario_is_triggered_and_the_answer_lists_its_events(
    api: FlaskClient, service: Service
) -> None:
    registration = register(service)
    answer = call(api, "POST", "trigger", {"scenario": "partial"})
    (event,) = answer.pop("events")
    assert answer == {
        "scenario": "partial",
        "description": "30 of 1,000 rows are rejected by the mapper; up to 5 % are allowed, so the "
        "run succeeds with errors.",
        "seed": 7,
        "at": "2026-01-15T09:30:00.000Z",
        "warnings": [],
    }
    assert event == {
        "event_id": event["event_id"],
        "event_code": "sources_flow_run_success",
        "says": "success, 30 of 1,000 records failed",
        "result": "partial",
        "registrations": [registration.registration_id],
        "filtered": [],
        "journal_only": {},
    }
    again = call(api, "POST", f"redeliver/{event['event_id']}")
    assert again == {
        "event_id": event["event_id"],
        "registrations": [registration.registration_id],
    }
    one = f"redeliver/{event['event_id']}?registration={registration.registration_id}"
    assert call(api, "POST", one) == again
    assert call(api, "POST", one, {"faults": ["tampered-body", {"content-type": "a/b"}]}) == again


def test_the_clock_is_read_and_advanced(api: FlaskClient) -> None:
    start = "2026-01-15T09:30:00.000Z"
    clock = call(api, "GET", "clock")
    assert clock.pop("ahead") < 0  # this clock stands in January 2026
    assert clock == {
        "now": start,
        "kind": "manual",
        "begin": start,
        "end": start,
        "arrived": True,
    }
    reading = call(api, "POST", "clock/advance", {"seconds": 7200, "wait": 0})
    assert (reading["end"], reading["arrived"]) == ("2026-01-15T11:30:00.000Z", False)
    stopped = call(api, "POST", "clock/stop")
    assert stopped["end"] == stopped["now"] == start


def test_settings_are_read_and_changed(api: FlaskClient) -> None:
    before = call(api, "GET", "settings")
    assert before == {
        "names": "both",
        "platform_delivery_format": "adobe_io",
        "strict": False,
        "targets": [],
    }
    after = call(api, "PATCH", "settings", {"names": "new-only"})
    assert after == before | {"names": "new-only"} == call(api, "GET", "settings")


def test_a_reset_deletes_events_and_registrations(api: FlaskClient, service: Service) -> None:
    register(service)
    assert len(call(api, "GET", "status")["registrations"]) == 1
    assert api.post(f"{PREFIX}/reset").status_code == 204
    assert call(api, "GET", "status")["registrations"] == []
    assert call(api, "GET", "attempts") == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("POST", "trigger", None, 400, "the body is not JSON"),
        ("POST", "trigger", {}, 400, "exactly one of scenario and text"),
        ("POST", "trigger", {"scenario": "partial", "text": ""}, 400, "exactly one of"),
        ("POST", "trigger", {"scenario": "partial", "sed": 7}, 400, "sed: 7"),
        ("POST", "trigger", {"scenario": "partial", "seed": True}, 400, "seed"),
        ("POST", "trigger", {"text": "\ud800"}, 400, "not JSON in UTF-8"),
        ("POST", "trigger", {"text": "a: b"}, 400, "scenario:1:1: events: nothing; expected"),
        ("POST", "clock/advance", {"seconds": -1}, 400, "seconds"),
        ("POST", "clock/advance", {"seconds": 1, "wait": LONGEST_WAIT + 1}, 400, "wait"),
        ("POST", "clock/advance", {"seconds": 1, "timeout": 0}, 400, "timeout"),
        ("POST", "clock/advance", {"seconds": 1, "timeout": 10.5}, 400, "timeout"),
        ("PATCH", "settings", {"names": "none"}, 400, "names: 'none'; expected"),
        ("PATCH", "settings", {"strict": True}, 400, "strict"),
        ("GET", "attempts?limit=0", None, 400, "limit"),
        ("GET", "attempts?limit=many", None, 400, "limit"),
        ("GET", "attempts?registration=nobody", None, 404, "no registration 'nobody'"),
        ("POST", "redeliver/xyzzy", None, 404, "no event 'xyzzy'"),
        ("POST", "redeliver/xyzzy", {"faults": ["unsigned"]}, 404, "no event 'xyzzy'"),
        ("POST", "redeliver/xyzzy", {"faults": "unsigned"}, 400, "faults: 'unsigned'; expected"),
        ("POST", "redeliver/xyzzy", {"fault": "unsigned"}, 400, "fault"),
        ("POST", "redeliver/xyzzy", {"faults": [7]}, 400, "faults[0]: 7; expected the name of a"),
        ("DELETE", "settings", None, 405, "method"),
        ("GET", "nothing", None, 404, "not found"),
    ],
)
def test_refusals_have_a_reason(
    api: FlaskClient, method: str, path: str, body: object, status: int, message: str
) -> None:
    options = {} if body is None else {"json": body}
    answer = api.open(f"{PREFIX}/{path}", method=method, **options)
    assert (answer.status_code, answer.is_json) == (status, True)
    assert message in answer.json["message"]


def test_a_body_that_is_too_large_is_refused(api: FlaskClient) -> None:
    answer = api.post(f"{PREFIX}/trigger", json={"text": "#" * 5 * 2**20})
    assert (answer.status_code, answer.json["reason"]) == (413, "Request Entity Too Large")


def test_pages_of_other_origins_may_not_call(api: FlaskClient, service: Service) -> None:
    register(service)
    for origin in ("http://rebound.example", "null", "http://localhost:3000"):
        answer = api.post(f"{PREFIX}/reset", headers={"origin": origin})
        assert (answer.status_code, answer.json["reason"]) == (403, "Forbidden")
    assert len(service.registrations.all()) == 1
    assert api.post(f"{PREFIX}/reset", headers={"origin": "http://localhost"}).status_code == 204


def test_a_strict_service_requires_its_token_and_no_api_key(service: Service) -> None:
    strict = replace(service, options=ServiceOptions(strict=True))
    api = events_service.create(strict).test_client()
    for header in ({}, {"authorization": "Bearer other"}):
        answer = api.get(f"{PREFIX}/status", headers=header)
        assert (answer.status_code, answer.json["error_code"]) == (401, "401013")
    own = {"authorization": f"Bearer {service.installation.token}"}
    assert call(api, "GET", "status", headers=own)["settings"]["strict"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"seconds": -1}, "seconds: -1; expected at least 0"),
        ({"seconds": 1e300}, "seconds: 1e+300; expected at most 316224000"),
        ({"seconds": "soon"}, "seconds: 'soon'; expected a number"),
        ({"seconds": 1, "minutes": 1}, "minutes: 1; expected no member of this name"),
    ],
)
def test_impossible_clock_calls_are_refused_with_a_reason(
    api: FlaskClient, body: dict[str, Any], sentence: str
) -> None:
    answer = api.post(f"{PREFIX}/clock/advance", json=body)
    assert (answer.status_code, answer.json["message"]) == (400, sentence)
