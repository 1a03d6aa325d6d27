"""A sweep: events with several mutations, and the smallest of those that a webhook refuses."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks import catalogue
from flowsim.checks.check import Check
from flowsim.checks.check_requests import CheckStories
from flowsim.checks.mutated_parts import mutated_parts, plain_body
from flowsim.checks.observation import Exchange, Observation
from flowsim.checks.shrinking import SHOWN, Shrinking
from flowsim.checks.subject import subject_of
from flowsim.checks.sweep import drawn, mutations_for
from flowsim.checks.variation_judges import combinations_accepted
from flowsim.families.registry import shipped

from ..consumers.runs import run_of
from ..consumers.strict_runs import MISTAKES
from ..families.told import FIRST
from .consumers import CLIENT_ID, Candidate, candidate, result
from .test_variation_judges import exchange

pytestmark = pytest.mark.slow

SWEEP = catalogue.find("sweep")
NAMES = ("iso-times", "odd-keys", "placeholders", "end-missing", "counts-zero", "revised")
FLOW_RUNS = subject_of(None, shipped())
STORIES = CheckStories(CLIENT_ID, None, 1, "token", "127.0.0.1:1", "127.0.0.1:2", FLOW_RUNS)


@cache
def swept_with(seed: int) -> Check:
    """Return the sweep with the events that a seed draws."""
    return drawn(SWEEP, FLOW_RUNS, seed)


def names_of(entry: Any) -> list[str]:
    return [each if isinstance(each, str) else next(iter(each)) for each in entry["faults"]]


def refused(check: Check) -> Exchange:
    """Return the first event of a check as one that was refused, with its plain body."""
    story = STORIES.story(check)
    body = next(story.payloads()).body
    return replace(exchange(1, 500), body=body, plain=plain_body(story))


def told(check: Check, code: str | None = None) -> list[bytes]:
    """Return the bodies of all events of a check."""
    subject = subject_of(code, shipped())
    stories = replace(STORIES, subject=subject)
    return [each.body for each in stories.story(check).payloads()]


@pytest.mark.parametrize("seed", [0, 7, 123_456])
def test_each_two_mutations_come_together_and_most_of_them_twice(seed: int) -> None:
    """Never are flat runs CloudEvents with their attributes, nor are two statuses in one event."""
    events = swept_with(seed).events
    assert len(events) == 300
    met = Counter(frozenset(pair) for each in events for pair in combinations(names_of(each), 2))
    wanted = {frozenset(pair) for pair in combinations(mutations_for("flow_run"), 2)}
    never = wanted - {*met}
    flat = {each for each in never if "flat-run" in each}
    assert (len(flat), never - flat) == (5, {frozenset(("other-status", "unknown-status"))})
    assert sum(met[each] > 1 for each in wanted) > 0.8 * len(wanted)


def test_an_event_has_two_to_nine_mutations_and_each_once() -> None:
    for each in swept_with(7).events:
        names = names_of(each)
        assert 2 <= len(names) == len({*names}) <= 9
        assert len({"flat-run", "other-format"} & {*names}) < 2


def test_a_seed_draws_the_same_events_each_time() -> None:
    assert swept_with(7) == drawn(SWEEP, FLOW_RUNS, 7)
    assert swept_with(7).events != swept_with(8).events


def test_the_events_of_a_sweep_are_about_runs_of_all_kinds() -> None:
    events = swept_with(7).events
    kinds = {str(sorted(each["flow_run"].items())) for each in events}
    assert any("'failed'" in each and "'copy'" in each for each in kinds)
    assert any("as-documented" in each for each in kinds)
    assert any("partial_ingestion_percent" in each for each in kinds)
    bodies = told(swept_with(7))
    assert len(bodies) == len({*bodies}) == 300


@pytest.mark.parametrize("code", FIRST)
def test_events_with_any_code_are_swept_with_mutations_of_any_event(code: str) -> None:
    check = drawn(replace(SWEEP, sweep=40), subject_of(code, shipped()), 3)
    assert len(told(check, code)) == 40
    family = subject_of(code, shipped()).family.name
    assert {name for each in check.events for name in names_of(each)} <= {*mutations_for(family)}


def test_a_check_of_your_own_is_swept_with_the_events_that_it_states() -> None:
    own = replace(SWEEP, sweep=10, events=[{"flow_run": {"status": "failed"}}])
    assert all(each["flow_run"] == {"status": "failed"} for each in drawn(own, FLOW_RUNS, 7).events)


def test_a_check_without_a_sweep_stays_as_it_is() -> None:
    check = catalogue.find("numbers-as-text")
    assert drawn(check, FLOW_RUNS, 7) is check


def smallest_of(
    events: Sequence[Collection[str]], refused: Sequence[Collection[str]], **options: Any
) -> tuple[list[set[str]], int]:
    """Return the mutations of the smallest events that a webhook refuses, and how often it is
    asked.

    It refuses events that have all mutations of one of ``refused``.
    """
    asked = 0

    def answer(number: int, faults: Collection[str]) -> Exchange:
        status = 500 if any({*each} <= {*faults} for each in refused) else 200
        return exchange(number, status, *faults)

    async def send(check: Check) -> list[Exchange]:
        nonlocal asked
        asked += 1
        return [answer(1, each["faults"]) for each in check.events]

    check = replace(SWEEP, events=[{"flow_run": {}, "faults": [*each]} for each in events])
    shrinking = Shrinking(check, send, **{"goes_on": lambda: True, **options})
    first = [answer(number, each) for number, each in enumerate(events, 1)]
    asyncio.run(shrinking.run(first))
    return [{*each.faults} for each in shrinking.smallest], asked


SETS = st.sets(st.sampled_from(NAMES), min_size=1)


@given(st.lists(SETS, min_size=1, max_size=12), st.lists(SETS, min_size=1, max_size=4))
def test_no_mutation_can_be_taken_away_from_a_smallest_event(
    events: list[set[str]], refused: list[set[str]]
) -> None:
    """Each is one of the sets that are refused, and none is shown twice, or with another in it."""
    found, _ = smallest_of(events, refused)
    minimal = [each for each in refused if not any(other < each for other in refused)]
    assert all(each in minimal for each in found)
    assert len(found) == len({frozenset(each) for each in found}) <= SHOWN
    assert bool(found) == any(each <= event for each in refused for event in events)


def test_events_that_are_refused_for_two_reasons_show_both() -> None:
    events = [{"iso-times", "odd-keys", "counts-zero"}]
    found, _ = smallest_of(events * 2, [{"iso-times"}, {"odd-keys", "counts-zero"}])
    assert sorted(map(sorted, found)) == [["counts-zero", "odd-keys"], ["iso-times"]]


def test_an_event_that_is_refused_without_a_mutation_is_shown_if_there_is_no_other() -> None:
    found, asked = smallest_of([{each} for each in NAMES], [set()])
    assert found == [set()]
    assert asked <= 4


def test_no_event_is_sent_when_there_is_no_more_time() -> None:
    found, asked = smallest_of([{*NAMES}], [{"iso-times"}], goes_on=lambda: False)
    assert (found, asked) == ([], 0)


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (["counts-zero"], r"event\.[A-Za-z0-9.\[\]]+: 0"),
        (["flat-run", "end-missing"], r"metrics\.durationSummary\.completedAtUTC: missing"),
        (["other-root", {"unknown-member": "metrics"}], r"event\.metrics\.inventedIn\d+: \{.*\}"),
        (["other-format", "cloud-id-repeated"], r'id: "1"'),
        (["flat-run"], ""),
        (["json-white-space", "json-escapes"], ""),
        ([], ""),
    ],
)
def test_what_mutations_changed_is_shown_and_nothing_else(faults: list[Any], said: str) -> None:
    """The form of an event, and how its JSON is written, are in the names of the mutations."""
    check = replace(SWEEP, events=[{"flow_run": {}, "faults": faults}])
    assert re.fullmatch(f"({said}(; )?)+", mutated_parts(refused(check)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def alone(content: Any) -> Any:
    return content[0] if isinstance(content, list) and len(content) == 1 else content


@given(JSON, JSON)
def test_a_part_is_shown_for_all_bodies_that_hold_different_events(plain: Any, other: Any) -> None:
    bodies = (json.dumps(each).encode() for each in (plain, other))
    said = mutated_parts(
        replace(exchange(1, 500), **dict(zip(("plain", "body"), bodies, strict=True)))
    )
    is_same = len({json.dumps(alone(each), sort_keys=True) for each in (plain, other)}) == 1
    assert (said == "") == is_same


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 10])
def test_a_body_that_is_no_json_has_no_parts(body: bytes) -> None:
    assert mutated_parts(replace(exchange(1, 500), plain=b"{}", body=body)) == ""
    assert mutated_parts(replace(exchange(1, 500), plain=body, body=b"{}")) == ""


def test_a_long_list_of_parts_is_cut_off() -> None:
    plain, body = ({f"key-{number}": value for number in range(99)} for value in (0, 1))
    bodies = {"plain": json.dumps(plain).encode(), "body": json.dumps(body).encode()}
    seen = Observation("/", (refusal := replace(exchange(1, 500), **bodies),), smallest=(refusal,))
    shown = combinations_accepted(seen).received.partition(": ")[2]
    assert shown.startswith("key-0: 1; key-1: 1")
    assert len(shown) == 301


def test_a_sweep_without_any_event_is_not_judged() -> None:
    assert combinations_accepted(Observation("/")).state == "not judged"


@pytest.fixture
def half_a_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweep with half as many events: most pairs of mutations come once and not twice."""
    half = replace(SWEEP, sweep=SWEEP.sweep // 2)
    find = catalogue.find
    monkeypatch.setattr(catalogue, "find", lambda name: half if name == "sweep" else find(name))


def swept(webhook: Candidate, **options: Any) -> Any:
    findings = webhook.check("sweep", processed=None, thorough=True, **options)
    return result(findings, "sweep")


@pytest.mark.slow
def test_a_crash_at_two_mutations_is_found_and_shown_with_exactly_these_two() -> None:
    with candidate(MISTAKES["knows-statuses-of-flat-runs"]) as webhook:
        several = [swept(webhook, seed=seed) for seed in (7, 7)]
    for found in several:
        assert found.verdict.state == "failed"
        assert {*found.verdict.exchange.faults} == {"flat-run", "unknown-status"}
        assert found.verdict.received.count(" with ") == 1
        assert "unknown-status quarantined: metrics.statusSummary" in found.verdict.received
    first, again = (found.verdict.exchange.mutations for found in several)
    assert first == again


def test_the_correct_webhook_accepts_all_events_of_a_sweep(correct: Candidate) -> None:
    found = swept(correct, seed=11)
    assert (found.verdict.state, found.verdict.note) == ("passed", "300 events")
    assert len(found.exchanges) == 300


@pytest.mark.usefixtures("half_a_sweep")
def test_other_events_than_flow_runs_are_swept_too(correct: Candidate) -> None:
    assert swept(correct, seed=7, event="segment_evaluation_job_info").verdict.state == "passed"


@pytest.mark.parametrize("seed", [0, 7, 123_456])
def test_parts_of_a_run_have_their_types_under_all_mutations(seed: int) -> None:
    """A mutation of a part that another one removed does not bring it back as something else."""
    for body in told(swept_with(seed)):
        content = json.loads(body)
        run = run_of(content[0] if isinstance(content, list) else content)
        assert isinstance(run["metrics"]["statusSummary"]["status"], str)
        assert isinstance(run.get("activities", []), list)
        assert all(isinstance(each["statusSummary"], dict) for each in run.get("activities", []))
