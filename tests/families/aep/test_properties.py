"""Any entry is told and fits its field table; its ids agree, and its times are in order."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import instant
from flowsim.core.spec_values import COUNT_MAX
from flowsim.families.base import Occurrence
from flowsim.families.conformity import compare
from flowsim.families.data.data_family import DataFamily
from flowsim.families.data.says import Said

from .reading import NAMES, contents, family, tell

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SECONDS = st.integers(0, 20 * 3600 * 1000).map(lambda milliseconds: f"{milliseconds}ms")
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


def _strategy(said: Said) -> st.SearchStrategy[Any]:
    if said.kind == "one_of":
        return st.sampled_from(get_args(said.type))
    found = STRATEGIES[said.kind]
    return st.none() | found if said.default is None else found


def _entries(found: DataFamily) -> st.SearchStrategy[dict[str, Any]]:
    """Return entries that state any of what may be said, and any of the drawn durations.

    Left out are the id of a flow specification, which should be a uuid, and lags that place a
    creation: stated, they can place it after the end.
    """
    said = {
        each.name: _strategy(each)
        for each in found.parts.says
        if each.kind != "entry" and each.name != "flow_spec"
    }
    drawn = {
        each.name: SECONDS
        for each in found.parts.draws.parts
        if each.expression.draw == "seconds" and not each.name.endswith("_lag")
    }
    return st.fixed_dictionaries({}, optional={**said, **drawn})


def _event_times(content: dict[str, Any]) -> list[int]:
    """Return times that must be in order: work began, work ended, the record was written."""
    duration = content.get("metrics", {}).get("durationSummary")
    if duration is None:
        return []
    return [duration["startedAtUTC"], duration["completedAtUTC"], content["updatedAt"]]


def _check(found: DataFamily, told: list[Occurrence]) -> None:
    assert told
    assert [each.time for each in told] == sorted(each.time for each in told)
    for each in told:
        notification = each.notification
        code, content = notification.event_code, notification.content
        assert compare(found.fields(), code, content).differences == ()
        _check_times(notification.content, instant.to_ms(each.time))
    everything = contents(told)
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
    if "resolvedAt" in content:
        assert content["createdAt"] < content["resolvedAt"] == instant.spell(instant.from_ms(now))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_any_entry_is_told_and_keeps_what_events_promise(
    name: str, data: st.DataObject, seed: int
) -> None:
    found = family(name)
    says = data.draw(_entries(found))
    _check(found, tell(name, says, seed=seed))
