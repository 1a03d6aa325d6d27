"""Audit logs of the Admin Console: numbers by their rules, actors, and all printed entities."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from flowsim.core import instant
from flowsim.errors import ScenarioError
from flowsim.families.fields.conformity import compare

from ...cases import for_each
from ...checkout import CHECKOUT
from ..aep.reading import BEGIN, contents, family, tell

(FACTS_FILE,) = (CHECKOUT / "docs" / "adobe").glob("event-families.*")
FACTS = FACTS_FILE.read_text("utf-8")
CODE = "com.adobe.adminconsole.auditlogs.v1"
ENTITIES = {
    each["type"]: each
    for each in map(json.loads, re.findall(r'^- `(\{.*"type_id":99.*\})`', FACTS, re.MULTILINE))
}
FILES = re.findall(r"15 names: (.*), each \+ `\.csv`", FACTS)[0].replace("`", "").split(", ")


def _content(**said: Any) -> dict[str, Any]:
    (told,) = tell("admin_audit", said)
    return dict(told.notification.content)


@for_each(
    ("action", "category", "type_uid", "type_name"),
    [
        ("assign", 3, 300501, "User Access Management: Assign Privileges"),
        ("revoke", 3, 300502, "User Access Management: Revoke Privileges"),
        ("create", 3, 300401, "Entity Management: Create"),
        ("update", 3, 300403, "Entity Management: Update"),
        ("delete", 3, 300404, "Entity Management: Delete"),
        ("export", 6, 600107, "Web Resources Activity: Export"),
    ],
)
def test_numbers_follow_from_what_was_done(
    action: str, category: int, type_uid: int, type_name: str
) -> None:
    found = _content(action=action)
    assert found["category_uid"] == category
    assert (found["type_uid"], found["type_name"]) == (type_uid, type_name)
    assert found["type_uid"] == found["class_uid"] * 100 + found["activity_id"]
    assert (found["severity"], found["severity_id"]) == ("Informational", 1)


def test_times_and_ids_of_content_and_envelope_are_the_same() -> None:
    (told,) = tell("admin_audit", {})
    found, envelope = told.notification.content, told.notification.envelope
    assert envelope is not None
    around = envelope.cloud_events
    assert around is not None
    assert around["time"] == str(found["time"]) == str(instant.to_ms(BEGIN))
    assert found["time_dt"] == "2026-01-15T09:30:00Z"
    assert around["id"] == found["metadata"]["uid"]
    assert around["subject"] == found["metadata"]["tenant_uid"] == found["cloud"]["org"]["uid"]
    assert around["source"].endswith(f"/{around['subject']}")


@for_each(
    ("by", "user"),
    [
        ("staff", {"name": "Adobe Employee", "type": "Adobe Employee", "type_id": 99}),
        ("system", {"name": "System", "type": "System", "type_id": 3}),
    ],
)
def test_staff_and_systems_have_a_name_and_no_address(by: str, user: dict[str, Any]) -> None:
    found = _content(by=by)
    assert found["actor"]["user"] == user
    assert found["device"] == {"name": "Adobe Premises", "type": "Unknown", "type_id": 0}


def test_a_person_has_an_address_where_it_is_available() -> None:
    assert [*_content()["actor"]["user"]] == ["email_addr", "uid", "type", "type_id"]
    assert _content()["device"]["ip"] == "198.51.100.0"
    assert _content(ip="")["device"] == {"type": "Unknown", "type_id": 0}


def test_the_facts_print_nine_entities_and_fifteen_files() -> None:
    assert (len(ENTITIES), len(FILES)) == (9, 15)


@for_each("kind", sorted(ENTITIES))
def test_an_entity_has_the_structure_of_its_print(kind: str) -> None:
    """Members, their order and types at every level, and all values that are no placeholders."""
    made = _content(action="create", entity=kind)["entity"]
    printed = ENTITIES[kind]
    assert _shape(made) == _shape(printed)
    assert {**made, **_plain(printed)} == made


@for_each("kind", sorted(ENTITIES))
def test_the_fields_of_an_event_about_an_entity_are_all_described(kind: str) -> None:
    made = _content(action="create", entity=kind)
    found = compare(family("admin_audit").fields(), CODE, made)
    assert found.differences == ()


@for_each("file", FILES)
def test_an_export_names_its_file(file: str) -> None:
    found = _content(action="export", file=f"{file}.csv")
    assert found["web_resources"] == [{"name": f"{file}.csv", "type": "File"}]


def test_what_happened_is_a_stand_in_unless_it_is_printed_or_stated() -> None:
    assert _content()["metadata"]["event_code"] == "ADMIN_ROLE_ASSIGN_USER:ORG_ADMIN"
    made = _content(action="create", entity="Trial Offer")
    assert made["metadata"]["event_code"] == "TRIAL_OFFER:CREATE"
    stated = _content(action="create", event_type="A:B")
    assert stated["metadata"]["event_code"] == "A:B"
    assert family("admin_audit").line(stated) == "A:B: Product Profile"


def test_each_entry_is_one_event_with_the_only_code() -> None:
    told = tell("admin_audit", {"action": "delete", "entity": "Role"})
    assert [each.notification.event_code for each in told] == [CODE]
    assert contents(told)[0]["entity"]["uid"].startswith("CR_")


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, _shape(each)) for key, each in value.items()]
    return [*map(_shape, value)] if isinstance(value, list) else type(value).__name__


def _plain(printed: dict[str, Any]) -> dict[str, Any]:
    """Return the members of a print with the same values for all: texts without a placeholder."""
    kept = {"type", "type_id", "name"}
    return {key: each for key, each in printed.items() if key in kept and "<" not in str(each)}


def test_only_numbers_that_no_print_has_are_inferred() -> None:
    table = family("admin_audit").fields()
    grades = {
        (body, each.path): each.grade
        for body in ("privileges", "export", "role")
        for each in table.of_body(body)
        if each.path in ("category_uid", "class_uid")
    }
    assert {key for key, grade in grades.items() if grade == "A"} == {
        ("privileges", "category_uid"),
        ("privileges", "class_uid"),
        ("role", "category_uid"),
    }


@for_each(
    ("said", "found"),
    [
        ({"name": "x"}, "a name for what has none"),
        ({"action": "create", "entity": "Certificate", "name": "x"}, "a name for what has none"),
        ({"action": "create", "entity": "Role", "product": "x"}, "a product for what has none"),
        ({"action": "export", "product": "x"}, "a product for what has none"),
        ({"action": "create", "quantity": 3}, "a quantity for what is no allocation"),
        ({"accepted": "2026-01-15T09:30:00Z"}, "an acceptance of what is no terms and conditions"),
    ],
)
def test_what_no_event_of_the_entry_would_show_is_refused(said: dict[str, Any], found: str) -> None:
    with pytest.raises(ScenarioError, match=found):
        _content(**said)


@for_each("entity", [*ENTITIES])
def test_an_entity_shows_each_name_and_product_that_it_takes(entity: str) -> None:
    taken = 0
    for key in ("name", "product"):
        try:
            content = _content(action="create", entity=entity, **{key: "Zebra"})
        except ScenarioError:
            continue
        assert '"Zebra"' in json.dumps(content["entity"])
        taken += 1
    shown = ENTITIES[entity]
    assert taken == ("name" in shown) + ("product_name" in shown.get("data", {}))


def test_a_person_has_the_same_id_as_user_and_as_administrator() -> None:
    """Who got a privilege acts later on: events of two entries name the same person."""
    (first,) = contents(tell("admin_audit", {"user": "ann@example.com"}))
    (second,) = contents(tell("admin_audit", {"admin": "ann@example.com"}, label="later"))
    of_user = first["user"]["uid"].partition("@")[0]
    assert second["actor"]["user"]["uid"].partition("@")[0] == of_user
    assert first["actor"]["user"]["uid"].partition("@")[0] != of_user
