"""The field tables describe all that the events hold, and no more."""

from __future__ import annotations

from typing import Any

from flowsim.families.fields.conformity import compare

from ...cases import for_each
from ..told import entries_of
from .reading import NAMES, contents, family, tell


@for_each("name", NAMES)
def test_events_hold_what_their_fields_say_and_nothing_else(name: str) -> None:
    for says in entries_of(name):
        for each in tell(name, {**says, "alert_name": "present"}):
            notification = each.notification
            code, content = notification.event_code, notification.content
            assert compare(family(name).fields(), code, content).differences == ()


@for_each("name", NAMES)
def test_each_field_stands_in_some_event(name: str) -> None:
    """A field that no event has would be a mistake in its path."""
    told = [
        each.notification.content
        for says in entries_of(name)
        for each in tell(name, {**says, "alert_name": "present"})
    ]
    found = {path for content in told for path in _paths(content)}
    written = {field.path.replace('"', "") for field in family(name).fields().fields}
    assert written <= found


def _paths(value: Any, path: str = "") -> set[str]:
    found = {path} - {""}
    if isinstance(value, dict):
        for key, each in value.items():
            found |= _paths(each, f"{path}.{key}" if path else key)
    if isinstance(value, list):
        for each in value:
            found |= _paths(each, f"{path}[]")
    return found


def test_a_time_of_the_other_kind_does_not_conform() -> None:
    """Records of runs have milliseconds, alerts have text: each is wrong in the other body."""
    started, alert, *_ = contents(tell("segment_job", {"lasts": "3h"}))
    table = family("segment_job").fields()
    for code, content, other in (
        ("segment_evaluation_job_info", started, alert),
        ("segment_evaluation_job_error", alert, started),
    ):
        wrong = {**content, "createdAt": other["createdAt"]}
        (found,) = compare(table, code, wrong).differences
        assert (found.kind, found.path) == ("retyped", "createdAt")
