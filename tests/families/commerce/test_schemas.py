"""The schemas are those of the documentation, and every event stays within its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flowsim.families.commerce.codes import EVENTS, PREFIX, event_of
from flowsim.families.commerce.default_fields import DEFAULT_FIELDS
from flowsim.families.commerce.family import FAMILY
from flowsim.families.commerce.schemas import documented, paths_in, schema_of
from flowsim.families.fields.conformity import compare

from ...cases import for_each
from .telling import tell, value

ROOT = Path(__file__).parents[3]
DOCUMENTED: dict[str, Any] = json.loads(
    (ROOT / "docs/adobe/samples/families/09-commerce-schemas.json").read_text("utf-8")
)


def test_the_events_are_the_documented_ones_with_their_schemas() -> None:
    """The order of events and members is that of the documentation too."""
    made = {name: documented(event.body) for name, event in EVENTS.items()}
    assert json.dumps(made) == json.dumps(DOCUMENTED)
    assert [*FAMILY.codes] == [PREFIX + name for name in DOCUMENTED]


@for_each("name", EVENTS)
def test_an_event_differs_in_nothing_from_its_fields(name: str) -> None:
    for beside in ({}, {"fields": ["*"]}, {"fields": ["*"], "metadata": "absent"}):
        (told,) = tell({"event": name, **beside})
        found = told.notification
        assert not compare(FAMILY.fields(), found.event_code, found.content).differences


@for_each("name", [name for name in EVENTS if DOCUMENTED[name]])
def test_all_fields_are_the_members_of_the_schema_but_old_values(name: str) -> None:
    body = EVENTS[name].body
    wanted = [each for each in schema_of(body) if each != "_origData"]
    assert [*value({"event": name, "fields": ["*"]})] == wanted
    missing = {*DOCUMENTED[name]} - {*wanted}
    assert missing <= {"_origData"}


@for_each("body", DEFAULT_FIELDS)
def test_the_usual_fields_are_known(body: str) -> None:
    assert {*DEFAULT_FIELDS[body]} <= {path for path, _ in paths_in(schema_of(body))}


@for_each(
    ("code", "name"),
    [
        (
            "plugin.magento.sales.api.order_management.place",
            "plugin.sales.api.order_management.place",
        ),
        ("my_app.observer.customer_login", "observer.customer_login"),
        ("my_app.plugin.sales.api.order_repository.save", "plugin.sales.api.order_repository.save"),
    ],
)
def test_codes_of_paas_and_of_apps_have_the_fields_of_their_events(code: str, name: str) -> None:
    found = event_of(PREFIX + code)
    assert found is EVENTS[name]
    assert FAMILY.fields().bodies[PREFIX + code] == (found.body,)


@for_each(
    "code", ["com.adobe.commerce.observer.x", "com.adobe.commerce.", "observer.customer_login"]
)
def test_other_codes_have_no_fields(code: str) -> None:
    assert event_of(code) is None
    assert code not in FAMILY.fields().bodies
