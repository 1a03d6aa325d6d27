"""The members around the content of an event: where ids stand, and what is filled in."""

from __future__ import annotations

import json

from flowsim.core import payload
from flowsim.core.envelope import Envelope, members_of
from flowsim.core.event import Event, Notification
from flowsim.core.instant import parse
from flowsim.core.spec_values import RegistrationSpec

from ..cases import for_each

DATA_FIRST = ("data", "type", "time", "recipientclientid", "dataschemaversion", "eventid")
WITHOUT_IDS = ("specversion", "type", "data")


@for_each(
    ("template", "names", "expected"),
    [
        (DATA_FIRST, "as-documented", DATA_FIRST),
        (
            DATA_FIRST,
            "both",
            (
                *("data", "type", "time", "recipientclientid", "recipient_client_id"),
                *("dataschemaversion", "eventid", "event_id"),
            ),
        ),
        (
            DATA_FIRST,
            "old-only",
            ("data", "type", "time", "recipient_client_id", "dataschemaversion", "event_id"),
        ),
        (WITHOUT_IDS, "as-documented", WITHOUT_IDS),
        (WITHOUT_IDS, "new-only", ("specversion", "type", "eventid", "recipientclientid", "data")),
    ],
)
def test_ids_stand_where_the_print_has_them(
    template: tuple[str, ...], names: str, expected: tuple[str, ...]
) -> None:
    """A template without ids has them before its data; ``as-documented`` adds none."""
    assert tuple(members_of(template, names, True)) == expected


def delivered(envelope: Envelope, **form: str) -> object:
    """Return the body that delivers an event with an envelope, parsed."""
    moment = parse("2026-01-15T09:30:00Z")
    event = Event(
        "e-1",
        moment,
        "delivered",
        Notification("QUEUED", "event", {"a": 1}, "p", "cloud_events", envelope),
    )
    return json.loads(payload.single(event, RegistrationSpec.model_validate(form)).body)


def test_a_template_says_what_its_producer_writes_and_the_rest_is_filled_in() -> None:
    written = {"data": None, "type": None, "time": "Thu Jan 15", "specversion": "0.2"}
    found = delivered(Envelope(written), names="as-documented")
    assert found == {"data": {"a": 1}, "type": "QUEUED", "time": "Thu Jan 15", "specversion": "0.2"}


def test_bare_content_stands_so_in_a_journal_only() -> None:
    """A webhook gets the usual envelope, in both formats."""
    envelope = Envelope(is_bare_in_journal=True)
    notification = Notification("c", "event", {"a": 1}, "p", "adobe_io", envelope)
    event = Event("e-1", parse("2026-01-15T09:30:00Z"), "delivered", notification)
    assert payload.journal_element(event, RegistrationSpec()) == b'{"a":1}'
    assert json.loads(payload.element(event, RegistrationSpec()))["event"] == {"a": 1}
    found = delivered(envelope)
    assert isinstance(found, dict)
    assert (found["data"], found["eventid"], found["time"]) == (
        *({"a": 1}, "e-1", "2026-01-15T09:30:00.000Z"),
    )


def test_a_family_may_have_an_own_value_of_the_provider_header() -> None:
    """A provider that the registration states for the whole story comes first."""
    moment = parse("2026-01-15T09:30:00Z")
    notification = Notification(
        "c", "event", {}, "aemsites", envelope=Envelope(provider="aemsites_1")
    )
    event = Event("e-1", moment, "delivered", notification)
    for stated, expected in ((None, "aemsites_1"), ("aemsites", "aemsites_1"), ("mine", "mine")):
        assert payload.provider_of(event, RegistrationSpec(provider=stated)) == expected
