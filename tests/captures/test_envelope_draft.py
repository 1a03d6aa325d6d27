"""A family file made from a capture writes the captured members around the content again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowsim.captures.family_draft import FamilyDraft, draft_of
from flowsim.core import payload
from flowsim.core.event import Event
from flowsim.core.spec_values import RegistrationSpec
from flowsim.errors import SettingError
from flowsim.families.entries import Entry, Passage
from flowsim.families.registry import shipped
from flowsim.runtime.chance import Chance
from flowsim.story.opening import open_story

from ..cases import for_each, one_in
from .test_family_draft import LATER, RUN, captured, read, structure

NAMES = ("as-documented", "both")
CODES = sorted({next(iter(each.codes)) for each in shipped().readable()[0] if each.codes})


def sent(draft: FamilyDraft, names: str) -> Any:
    """Return the element that the family of a draft sends."""
    family = read(draft.text)
    prepared = family.teller(Chance.of(1, ""), None).prepared(Entry(family.model()()))
    (told,) = prepared.tell("0.0", LATER, Passage())
    format_ = next(iter(family.formats))
    registration = RegistrationSpec.model_validate(
        {"names": names, "event_delivery_format": format_, "client_id": "mine"}
    )
    return json.loads(
        payload.element(Event(RUN, LATER, "delivered", told.notification), registration)
    )


def cloud_event(**attributes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": RUN,
        "source": f"urn:uuid:{RUN}",
        "type": "order.placed",
        "datacontenttype": "application/json",
        "time": "2026-01-15T09:29:59.250Z",
        "eventid": RUN,
        "recipientclientid": "mine",
        "data": {},
    } | attributes


@for_each("names", NAMES)
@pytest.mark.parametrize("code", one_in(5, CODES))
def test_an_event_of_each_family_has_its_members_again_in_their_order(
    code: str, names: str
) -> None:
    story = open_story(code)
    event = next(iter(story.events()))
    registration = story.scenario.registration.model_copy(update={"names": names})
    element = json.loads(payload.element(event, registration))
    draft = draft_of(captured(element, ("x-adobe-event-code", code)), "order", ())
    assert spelled(element) in [spelled(sent(draft, each)) for each in (names, "new-only")]


def spelled(element: Any) -> str:
    """Return members and their types in order, as text."""
    return json.dumps(structure(element))


def test_a_usual_cloud_event_with_fewer_ids_needs_no_envelope() -> None:
    draft = draft_of(captured(cloud_event()), "order", ())
    assert "\nenvelope:" not in draft.text
    assert [each for each in draft.notes if "source" in each and "not kept" in each]


def test_ids_and_times_beside_the_content_are_new_in_each_event() -> None:
    event = cloud_event(id=f"a-{RUN}", time="2026-01-15T09:29:59Z", data={"run": RUN})
    event["source"] = f"urn:uuid:urn:x:{RUN}"
    made = sent(draft_of(captured(event), "order", ()), "as-documented")
    assert made["source"] == f"urn:uuid:urn:x:{made['data']['run']}"
    assert made["id"] == f"a-{made['data']['run']}" != event["id"]
    assert made["time"] == "2031-07-01T12:00:00Z"


def test_what_is_the_same_in_each_event_stays_as_it_was_captured() -> None:
    event = cloud_event(source="urn:shop", dataschema=f"https://x/{RUN}", region={"a": [1, "{{"]})
    draft = draft_of(captured(event), "order", ())
    made = sent(draft, "as-documented")
    assert [made[each] for each in ("source", "dataschema", "region")] == [
        *("urn:shop", f"https://x/{RUN}", {"a": [1, "{{"]})
    ]
    envelope = read(draft.text).fields().envelope
    assert envelope is not None
    assert {"source", "region", "region.a[]"} <= {*envelope.fields}


def test_what_of_an_envelope_is_not_kept_is_said() -> None:
    event = cloud_event(id=7, subject=None, time="soon")
    notes = draft_of(captured(event), "order", ()).notes
    assert "in/1.http: left out beside the content, since null: subject" in notes
    assert "in/1.http: the same in each event, as it was captured: id, time" in notes


def test_members_around_an_event_of_the_other_format_are_kept_too() -> None:
    body = {"eventid": RUN, "region": "eu", "event": {"a": 1}, "recipientclientid": "mine"}
    made = sent(draft_of(captured(body), "order", ()), "as-documented")
    assert [*made] == [*body]
    assert made["region"] == "eu"


def test_content_without_an_envelope_and_without_a_code_is_no_delivery() -> None:
    with pytest.raises(SettingError, match="the body holds no event"):
        draft_of(captured({"rendition": {}}), "order", ())
