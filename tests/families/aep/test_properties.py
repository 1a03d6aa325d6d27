"""Any story is told and valid by its schemas; its ids agree, and its times are in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from flowsim.core import instant, payload
from flowsim.core.event import Event
from flowsim.core.spec_values import COUNT_MAX, RegistrationSpec
from flowsim.errors import ScenarioError
from flowsim.families.data.computing import Named
from flowsim.families.data.data_family import DataFamily
from flowsim.families.data.says import Said
from flowsim.families.data.telling import expect_allowed, settings_of
from flowsim.families.fields.conformity import compare
from flowsim.families.fields.json_schema import schema_of

from ...story.test_story import story_of
from .reading import NAMES, family

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SECONDS = st.one_of(
    st.sampled_from(["0s", "1ms", "1h", "99m", "3h", "20h"]),
    st.integers(0, 20 * 3600 * 1000).map(lambda milliseconds: f"{milliseconds}ms"),
)
COUNTS = st.one_of(st.integers(0, 20), st.integers(0, COUNT_MAX))
MOMENTS = st.datetimes(
    min_value=instant.parse("2000-01-01T00:00:00Z").replace(tzinfo=None),
    max_value=instant.parse("2090-01-01T00:00:00Z").replace(tzinfo=None),
).map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}Z")

STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "duration": SECONDS,
    "count": COUNTS,
    "number": st.floats(-1e9, 1e9),
    "text": TEXTS,
    "id": st.from_regex(r"[A-Za-z0-9_:.@{}-]{1,40}", fullmatch=True),
    "flag": st.booleans(),
    "moment": MOMENTS,
}


NAMED = {"predecessor": "source_run", "segment_of": "segment_job", "asset_of": "audit_event"}
"""What names another entry, and the family of that entry."""

UUIDS = st.uuids(version=4).map(str)
DRAWN: dict[str, st.SearchStrategy[Any]] = {
    "seconds": SECONDS,
    "uuid": UUIDS,
    "run_id": UUIDS,
    "flow": UUIDS,
    "sandbox": UUIDS,
    "org": st.just("0A1B2C3D4E5F60718293A4B5@AdobeOrg"),
    "pick": TEXTS,
}


def _strategy(said: Said) -> st.SearchStrategy[Any]:
    if said.name == "flow_spec":
        return UUIDS
    if said.kind == "one_of":
        return st.sampled_from(said.choices)
    found = STRATEGIES[said.kind]
    return st.none() | found if said.default is None else found


def _stated(draw: Named) -> st.SearchStrategy[Any]:
    """Return what a scenario may state instead of a draw: any duration, an id of the same form."""
    if draw.expression.draw == "hex":
        digits = int(draw.expression.source.removeprefix("hex(").removesuffix(")"))
        return st.text("0123456789abcdef", min_size=digits, max_size=digits)
    return DRAWN[draw.expression.draw]


@cache
def _entries(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return entries that state any of what may be said, any draw, and any earlier entry."""
    found = family(name)
    said = {
        each.name: st.just("before") if each.kind == "entry" else _strategy(each)
        for each in found.parts.says
    }
    drawn = {each.name: _stated(each) for each in found.parts.draws.parts}
    chosen = {each.name: said.pop(each.name) for each in found.parts.says if each.kind == "one_of"}
    return st.fixed_dictionaries(chosen, optional={**said, **drawn}).map(partial(_allowed, name))


def _allowed(name: str, said: dict[str, Any]) -> dict[str, Any]:
    """Return an entry without numbers, and the end of an alert, if it is refused for them."""
    found = family(name)
    try:
        expect_allowed(found.parts, settings_of(found.parts, found.model().model_validate(said)))
    except ScenarioError:
        numbers = {each.name for each in found.parts.says if each.kind == "count"}
        return {key: said[key] for key in said.keys() - numbers - {"resolved_after"}}
    return said


def _told(*entries: Mapping[str, Any], seed: int) -> list[Event]:
    at = "2026-01-15T09:30:00Z"
    return list(story_of({"seed": seed, "at": at, "events": list(entries)}).events())


FORMATS = {
    each: RegistrationSpec.model_validate({"event_delivery_format": each})
    for each in ("adobe_io", "cloud_events")
}


@cache
def _schema(name: str, code: str, format_: str) -> Draft202012Validator:
    schema = schema_of(family(name), code, format_)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _mistakes(name: str, event: Event) -> list[str]:
    """Return where the bodies of an event, in both formats, break the schemas of its code."""
    code = event.notification.event_code
    return [
        f"{format_}: {each.json_path}: {each.message}"
        for format_, form in FORMATS.items()
        for each in _schema(name, code, format_).iter_errors(
            json.loads(payload.single(event, form).body)
        )
    ]


def _event_times(content: dict[str, Any]) -> list[int]:
    """Return times that must be in order: work began, work ended, the record was written."""
    duration = content.get("metrics", {}).get("durationSummary")
    if duration is None:
        return []
    return [duration["startedAtUTC"], duration["completedAtUTC"], content["updatedAt"]]


def _check(found: DataFamily, told: list[Event]) -> None:
    assert told
    assert [each.time for each in told] == sorted(each.time for each in told)
    for each in told:
        notification = each.notification
        code, content = notification.event_code, notification.content
        assert compare(found.fields(), code, content).differences == ()
        _check_times(content, instant.to_ms(each.time))
        assert found.line(content).strip(" :")
    everything = [each.notification.content for each in told]
    for key in ("flowId", "imsOrgId", "sandboxId"):
        assert len({each.get(key) for each in everything}) == 1
    assert len({each.get("flowRunId", each["id"]) for each in everything}) == 1 or all(
        "severity" in each for each in everything
    )


def _check_times(content: dict[str, Any], now: int) -> None:
    assert _event_times(content) == sorted(_event_times(content))
    if "updatedAt" in content:
        assert content["createdAt"] <= content["updatedAt"] == now
    for activity in content.get("activities", ()):
        duration = activity["durationSummary"]
        whole = content["metrics"]["durationSummary"]
        assert whole["startedAtUTC"] <= duration["startedAtUTC"] <= duration["completedAtUTC"]
        assert duration["completedAtUTC"] <= whole["completedAtUTC"]
    latency = content.get("metrics", {}).get("latencySummary")
    assert latency is None or latency["minMs"] <= latency["maxMs"]
    if "resolvedAt" in content:
        assert content["createdAt"] < content["resolvedAt"] == instant.spell(instant.from_ms(now))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_any_entry_is_told_and_keeps_what_events_promise(
    name: str, data: st.DataObject, seed: int
) -> None:
    """All may be stated: settings, random values, and the entry before it."""
    said = data.draw(_entries(name))
    before = [{NAMED[key]: {}, "run": "before"} for key in said if key in NAMED]
    told = _told(*before, {name: said}, seed=seed)
    codes = family(name).codes
    own = [each for each in told if each.notification.event_code in codes]
    if NAMED.get("asset_of") == name and before:
        own = own[1:]
    _check(family(name), own)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12)
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_any_entry_is_valid_by_the_schemas_in_both_formats(
    name: str, data: st.DataObject, seed: int
) -> None:
    said = data.draw(_entries(name))
    before = [{NAMED[key]: {}, "run": "before"} for key in said if key in NAMED]
    codes = family(name).codes
    for event in _told(*before, {name: said}, seed=seed):
        if event.notification.event_code in codes:
            assert _mistakes(name, event) == []


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), _entries(name))),
            st.integers(1, 3),
            st.sampled_from(["0s", "1s", "2h"]),
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 10**6),
)
def test_a_story_of_any_entries_comes_in_order_and_has_each_id_once(
    drawn: list[tuple[tuple[str, dict[str, Any]], int, str]], seed: int
) -> None:
    before = [{name: {}, "run": f"{name} before"} for name in NAMED.values()]
    entries = [
        {
            name: {key: f"{NAMED[key]} before" if key in NAMED else said[key] for key in said},
            "repeat": repeat,
            "after": after,
        }
        for (name, said), repeat, after in drawn
    ]
    told = _told(*before, *entries, seed=seed)
    assert [each.time for each in told] == sorted(each.time for each in told)
    assert len({each.id for each in told}) == len(told)
    assert told == _told(*before, *entries, seed=seed)
