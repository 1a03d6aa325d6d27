"""Which registrations a caller may ask for."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import ApiError
from flowsim.events_service.registrations.bodies import NewRegistrationBody, RegistrationBody
from flowsim.events_service.request_body import read

from ...cases import for_each
from ...registering import FAILURE, SUCCESS, journal, pushed
from ...strategies import JSON

URL = "http://localhost:3000/hook"
BRIDGE = {"aws_region": "us-east-1", "aws_account_id": "012345678901"}


def refused(content: object) -> str:
    with pytest.raises(ApiError) as error:
        read(NewRegistrationBody, content)
    assert error.value.status_code == 400
    return str(error.value)


def test_a_webhook_host_beyond_ascii_is_stored_in_its_dns_form() -> None:
    for body in (NewRegistrationBody, RegistrationBody):
        saved = read(body, pushed("https://Bücher.example:8443/hook"))
        assert saved.webhook_url == "https://xn--bcher-kva.example:8443/hook"


@for_each(
    "body",
    [
        journal(),
        journal(client_id="abc", name="abc", description=""),
        journal(client_id="a" * 128, name="n" * 255, description="d" * 5000, enabled=False),
        journal(events_of_interest=[SUCCESS, FAILURE]),
        journal(events_of_interest=[{"provider": "platform_notifications", "event_code": "a"}]),
        journal(enabled="true", webhook_url=None, runtime_action="", destination_metadata=None),
        pushed(URL),
        pushed(URL, delivery_type="webhook_batch"),
        pushed(f"http://localhost/{'a' * 3983}"),
        pushed("", runtime_action="/ns/package/action"),
        pushed(URL, runtimeWebhook=False, webhook_status="verified", _links={}),
        journal(delivery_type="aws_eventbridge", destination_metadata=BRIDGE),
    ],
)
def test_bodies_that_the_reference_allows_are_accepted(body: dict[str, Any]) -> None:
    assert read(NewRegistrationBody, body).name == body["name"]


@for_each(
    ("change", "mistake"),
    [
        ({"client_id": "ab"}, "client_id: 'ab'; expected at least 3 characters"),
        ({"client_id": "a" * 129}, "client_id"),
        ({"client_id": "a b c"}, "client_id: 'a b c'; expected text like"),
        ({"client_id": "äbc"}, "client_id"),
        ({"client_id": "abc\n"}, "client_id"),
        ({"name": "ab"}, "name"),
        ({"name": "n" * 256}, "name"),
        ({"description": "d" * 5001}, "description"),
        ({"description": 1}, "description: 1; expected text"),
        ({"delivery_type": "JOURNAL"}, "delivery_type: 'JOURNAL'; expected 'webhook', "),
        ({"delivery_type": None}, "delivery_type"),
        ({"enabled": "perhaps"}, "enabled: 'perhaps'; expected true or false"),
        ({"events_of_interest": []}, "events_of_interest: a list of 0; expected at least 1"),
        ({"events_of_interest": [{}]}, "events_of_interest[0].event_code: nothing"),
        (
            {"events_of_interest": [SUCCESS, {"event_code": "a"}]},
            "events_of_interest[1]: an object; expected a provider_id in it",
        ),
        (
            {"events_of_interest": [{"event_code": "a", "provider_id": "p" * 39}]},
            "events_of_interest[0].provider_id",
        ),
        (
            {"events_of_interest": [{"event_code": "e" * 256, "provider_id": "p"}]},
            "events_of_interest[0].event_code",
        ),
        (
            {"events_of_interest": [SUCCESS, FAILURE, SUCCESS]},
            "events_of_interest: a list of 3; expected each event once, "
            "not 'sources_flow_run_success' twice",
        ),
        ({"destination_metadata": BRIDGE}, "destination_metadata: an object; expected nothing"),
    ],
)
def test_other_bodies_are_refused_with_their_field(change: dict[str, Any], mistake: str) -> None:
    assert refused(journal(**change)).startswith(mistake)


@pytest.mark.parametrize("named", [{"webhook_url": URL}, {"runtime_action": "a/b"}])
def test_a_journal_keeps_an_address_and_eventbridge_refuses_one(named: dict[str, Any]) -> None:
    kept = read(NewRegistrationBody, journal(**named))
    assert {name: getattr(kept, name) for name in named} == named
    bridge = {"delivery_type": "aws_eventbridge", "destination_metadata": BRIDGE}
    (name,) = named
    sentence = refused(journal(**bridge, **named))
    assert sentence == f"{name}: '{named[name]}'; expected nothing with this delivery_type"


@for_each(
    ("change", "mistake"),
    [
        ({"webhook_url": None}, "webhook_url: null; expected an address, or a runtime_action"),
        ({"webhook_url": ""}, "webhook_url: ''; expected an address, or a runtime_action"),
        ({"webhook_url": "h" * 4001}, "webhook_url: "),
        ({"runtime_action": "a/b"}, f"webhook_url: '{URL}'; expected nothing beside a runtime"),
        ({"runtime_action": "a" * 256}, "runtime_action: "),
    ],
)
def test_a_webhook_has_an_address_or_a_runtime_action(change: dict[str, Any], mistake: str) -> None:
    sentence = refused({**pushed(URL), **change})
    assert sentence.startswith(mistake)
    assert ". " not in sentence, "one mistake is named once"


@for_each(
    ("destination", "mistake"),
    [
        (None, "destination_metadata: null; expected aws_region and aws_account_id"),
        ({}, "destination_metadata.aws_region: nothing; expected a value. "),
        ({**BRIDGE, "aws_region": "mars-east-1"}, "destination_metadata.aws_region: 'mars-east-1'"),
        ({**BRIDGE, "aws_account_id": "123"}, "destination_metadata.aws_account_id: '123'"),
        ({**BRIDGE, "aws_account_id": "\u0660" * 12}, "destination_metadata.aws_account_id"),
    ],
)
def test_eventbridge_needs_a_region_and_an_account(destination: object, mistake: str) -> None:
    body = journal(delivery_type="aws_eventbridge", destination_metadata=destination)
    assert refused(body).startswith(mistake)


def test_mistakes_of_several_fields_are_named_together() -> None:
    body = {**pushed(URL, name="x", runtime_action="a/b"), "client_id": None}
    sentence = refused(body)
    for field in ("name", "webhook_url", "client_id"):
        assert f"{field}: " in sentence


def test_a_replacement_needs_no_client_id_and_ignores_one() -> None:
    assert "client_id" not in RegistrationBody.model_fields
    assert read(RegistrationBody, journal(client_id=7)).name == "orders"


FIELDS = [*NewRegistrationBody.model_fields, "runtimeWebhook"]


@given(st.sampled_from([journal(), pushed(URL)]), st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_body_is_read_or_refused(body: dict[str, Any], changes: dict[str, Any]) -> None:
    with contextlib.suppress(ApiError):
        read(NewRegistrationBody, {**body, **changes})
