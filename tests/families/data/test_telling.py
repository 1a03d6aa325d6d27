"""Families that files describe, told from end to end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flowsim.core.identifiers import echo_uuid4, org_id, uuid4
from flowsim.errors import ScenarioError
from flowsim.families.entries import Entry, EntryAt, Passage
from flowsim.families.flow_run.draws import RunDraws
from flowsim.files.document import Document
from flowsim.files.yaml_documents import parse_text
from flowsim.runtime.chance import Chance

from ...cases import for_each
from .examples import BEGIN, content, example, problems, small, tell, telling_problem

CHANCE = Chance("7", "8")


def minutes_and_codes(name: str, said: Any) -> list[tuple[float, str]]:
    told = tell(example(name), said)
    return [
        ((each.time - BEGIN) / timedelta(minutes=1), each.notification.event_code) for each in told
    ]


def test_a_late_segment_job_has_an_alert_between_start_and_end() -> None:
    info, error = "segment_evaluation_job_info", "segment_evaluation_job_error"
    assert minutes_and_codes("segment_job", {}) == [(0, info), (6, info)]
    late = {"lasts": "3h", "outcome": "failed"}
    assert minutes_and_codes("segment_job", late) == [(0, info), (150, error), (180, error)]


def test_the_bodies_of_a_segment_job_hold_what_was_said_drawn_and_computed() -> None:
    family = example("segment_job")
    start, alert, end = (
        each.notification.content
        for each in tell(family, {"lasts": "3h", "profiles": 10, "name": "Big"}, label="job")
    )
    assert start["id"] == alert["flowRunId"] == end["id"]
    assert (start["createdAt"], start["updatedAt"]) == (1768469400000, 1768469400000)
    assert end["metrics"]["durationSummary"]["completedAtUTC"] == 1768469400000 + 3 * 3_600_000
    assert end["metrics"]["recordSummary"] == {
        "inputRecordCount": 10,
        "createdRecordCount": 5,
        "outputRecordCount": 5,
    }
    assert end["etag"].endswith(f'-{(1768469400 + 3 * 3600):08x}0000"')
    assert (alert["value"], alert["status"]) == ("150", "FIRING")
    assert alert["createdAt"] == "2026-01-15T12:00:00.000Z"
    assert list(alert)[:3] == ["id", "status", "createdAt"]
    assert start["header"]["_adobeio"]["eventCode"] == "segment_evaluation_job_info"
    assert "header" not in content(family, {"header": "absent"})
    assert family.line(end) == "success Big"


def test_an_order_has_a_line_for_each_item() -> None:
    placed = content(example("order"), {"items": 2, "number": 123, "kind": "shop"})
    assert placed.pop("pause") >= 10
    assert placed == {
        "number": 123,
        "kind": "shop",
        "lines": [
            {"position": 1, "sku": "123-1", "parcels": ["1 small", "1 shop"]},
            {"position": 2, "sku": "123-2", "parcels": ["2 small", "2 shop"]},
        ],
        "$price": "{{",
    }
    assert content(example("order"), {"items": 0, "customer": "Ann"})["customer"] == "Ann"


def test_steps_come_in_order_of_time_and_then_of_the_file() -> None:
    told = tell(example("job"), {"takes": "1h", "ends": "failed"})
    lines = [example("job").line(each.notification.content) for each in told]
    assert lines == ["queued", "running", "50 %", "failed"]
    assert len(tell(example("job"), {"ends": "never"})) == 3


def test_offsets_are_those_of_the_events_without_any_chance() -> None:
    family = example("job")
    for said in ({}, {"ends": "never"}, {"takes": 0.5}):
        made = family.model().model_validate(said)
        told = tell(family, said)
        assert family.offsets(made) == [(each.time - BEGIN).total_seconds() for each in told]


def test_draws_follow_from_the_label_or_the_number_and_their_own_name() -> None:
    family = small(
        draws={
            "a": "uuid()",
            "run": "run_id()",
            "head": "hex(7)",
            "org": "org()",
            "box": "sandbox('dev')",
            "flow": "flow('daily')",
        },
        bodies={
            "thing": {key: f"{{{{ {key} }}}}" for key in ("a", "run", "head", "org", "box", "flow")}
        },
    )
    made = content(family, label="job")
    assert made == {
        "a": uuid4(CHANCE.of_story("label/job/thing/a", 16)),
        "run": RunDraws(CHANCE.of_story("label/job", 112)).run_id,
        "head": CHANCE.of_story("label/job/thing/head", 4).hex()[:7],
        "org": org_id(CHANCE.of_story("org", 12)),
        "box": echo_uuid4(CHANCE.of_story("sandbox/dev", 9)),
        "flow": uuid4(CHANCE.of_story("flow/thing/daily", 16)),
    }
    assert content(family, label="job", number="5.0") == made
    assert content(family, number="5.0")["a"] == uuid4(CHANCE.of_story("run/5.0/thing/a", 16))


def test_digits_of_a_name_are_the_same_in_all_entries_and_families() -> None:
    family = small(draws={"id": "hex(9, 'ann')"})
    made = content(family, label="job")["id"]
    assert made == CHANCE.of_story("hex/9/ann", 5).hex()[:9]
    assert content(family, number="5.0")["id"] == made
    assert content(small(draws={"id": "hex(9, 'bob')"}))["id"] != made
    assert content(small(draws={"id": "hex(8, 'ann')"}))["id"] != made[:8]


def test_a_draw_does_not_change_with_other_draws_or_with_what_is_stated() -> None:
    family = small()
    alone = content(family)
    more = small(draws={"first": "count(1, 9)", "id": "uuid()"})
    assert content(more, {"first": 3}) == alone
    assert content(family, {"id": "my-own"}) == {"id": "my-own"}


@for_each(
    ("draw", "allowed"),
    [
        ("count(3, 5)", {3, 4, 5}),
        ("pick('a', 2, none)", {"a", 2, None}),
        ("count(size, size)", {3}),
        ("pick('x') | upper", {"X"}),
    ],
)
def test_a_draw_stays_in_its_range(draw: str, allowed: set[Any]) -> None:
    family = small(draws={"id": draw})
    assert {content(family, number=f"{n}.0")["id"] for n in range(60)} == allowed


def test_seconds_are_drawn_between_both_bounds() -> None:
    family = small(draws={"id": "seconds('10s', '25s')"})
    drawn = [content(family, number=f"{n}.0")["id"] for n in range(60)]
    assert all(10 <= each <= 25 for each in drawn)
    assert len({*drawn}) > 50


@for_each("draw", ["hex(0)", "hex(1000)", "hex(8, 5)", "count(5, 1)", "seconds('2m', '1m')"])
def test_a_draw_without_sense_is_a_mistake_at_its_place(draw: str) -> None:
    assert telling_problem(small(draws={"id": draw})).path == "draws.id"


def test_an_entry_finds_what_an_earlier_one_has_left_under_its_label() -> None:
    family, passage = example("job"), Passage()
    first = tell(family, label="first", passage=passage)
    second = tell(family, {"after": "first"}, label="second", passage=passage, number="1.0")
    job = first[0].notification.content["job"]
    assert second[0].notification.content["after"] == job
    assert "after" not in first[0].notification.content
    assert passage.labels["first"]["takes"] == 7200.0
    assert "after" not in passage.labels["second"]


def test_what_another_family_left_is_kept() -> None:
    passage = Passage(labels={"x": {"run": "r", "flow": "f"}})
    tell(example("job"), label="x", passage=passage)
    assert passage.labels["x"]["flow"] == "f"
    job = small(bodies={"thing": {"run": "{{ other.run }}"}})
    assert content(job, {"other": "x"}, passage=passage) == {"run": "r"}


@for_each(
    ("expression", "value"),
    [
        ("other == none", False),
        ("other in ['a', none]", False),
        ("other.id == other.id", True),
        ("other == other", None),
        ("other < other", None),
        ("other in ['a', other]", None),
        ("size in [1, other]", None),
        ("3 == size == other", None),
    ],
)
def test_entries_are_compared_by_their_members_only(expression: str, value: bool | None) -> None:
    """Comparing whole objects would take as long as they are large."""
    family = small(bodies={"thing": {"same": f"{{{{ {expression} }}}}"}})
    passage = Passage(labels={"x": {"id": "a", "many": [{}] * 1_000}})
    if value is None:
        with pytest.raises(ScenarioError, match="an object compared in"):
            tell(family, {"other": "x"}, passage=passage)
    else:
        assert content(family, {"other": "x"}, passage=passage) == {"same": value}


def test_a_label_of_no_earlier_entry_is_a_mistake_with_the_nearest_one() -> None:
    family = example("job")
    text = "events:\n- {run: first, job: {}}\n- {job: {after: frist}}\n- {job: {after: first}}"
    document = parse_text(text, "story.yaml")
    said = [each["job"] for each in document.value["events"]]
    entries = [
        EntryAt(index, "job", Entry(family.model().model_validate(each)), 0.0)
        for index, each in enumerate(said)
    ]
    (problem,) = family.rules_of_entries(document, entries, is_whole=False)
    assert str(problem).startswith("story.yaml:3:17: events[1].job.after: 'frist'; expected first")
    with pytest.raises(ScenarioError, match="after: 'x'"):
        tell(family, {"after": "x"})


@pytest.mark.parametrize("first", ["{job: {after: a}}", "{run: a, job: {after: a}}"])
def test_a_label_of_a_later_entry_or_the_same_is_no_remedy(first: str) -> None:
    family = example("job")
    document = parse_text(f"events:\n- {first}\n- {{run: a, job: {{}}}}", "story.yaml")
    entry = Entry(family.model().model_validate({"after": "a"}))
    (problem,) = family.rules_of_entries(document, [EntryAt(0, "job", entry, 0.0)], is_whole=True)
    said = "'a', which is not before this one; expected the label (run) of an earlier entry"
    assert str(problem).endswith(f"events[0].job.after: {said}")


def test_what_an_entry_cannot_tell_is_found_before_the_story_begins() -> None:
    family = small(bodies={"thing": {"a": "{{ 10 // size }}"}})
    document = Document("story.yaml", {"events": [{"thing": {"size": 0}}]})
    at = EntryAt(0, "thing", Entry(family.model().model_validate({"size": 0})), 0.0)
    (problem,) = family.rules_of_entries(document, [at], is_whole=True)
    assert (problem.file, problem.path) == ("story.yaml", "events[0].thing")
    assert "thing.yaml:" in problem.found
    assert not [*family.rules_of_entry(document, at, is_whole=False)]


def test_a_refused_entry_is_told_of_without_a_place_in_the_family_file() -> None:
    refuse = [{"when": "size == 0", "found": "no size", "expected": "a size of at least 1"}]
    family = small(refuse=refuse)
    document = Document("story.yaml", {"events": [{"thing": {"size": 0}}]})
    at = EntryAt(0, "thing", Entry(family.model().model_validate({"size": 0})), 0.0)
    (problem,) = family.rules_of_entry(document, at, is_whole=True)
    assert (problem.file, problem.path) == ("story.yaml", "events[0].thing")
    assert problem.sentence == "no size; expected a size of at least 1"


@for_each(
    ("at", "when", "found"),
    [
        ("begin - 1", "true", "before the entry begins"),
        ("begin + 50000000 * 100", "true", "more than 100 years"),
        ("size", "true", "a number"),
        ("begin + (begin | s) / 1000", "true", "depends on the date"),
        ("begin", "(begin | s) > 2000000000", "depends on the date"),
        ("begin", "size > 5", "no step that happens"),
        ("begin + 1 / (size - 3)", "true", "division by zero"),
    ],
)
def test_a_step_at_no_useful_moment_is_a_mistake(at: str, when: str, found: str) -> None:
    family = small(story=[{"at": at, "when": when, "code": "thing", "body": "thing"}])
    with pytest.raises(ScenarioError, match=found):
        family.offsets(family.model()())


@for_each(
    ("name", "reason"),
    [
        ("id", "the name id in 'id', a draw, which at and when cannot use"),
        ("other", "the name other in 'other', not known here"),
        ("drawn", "the name drawn in 'drawn', a value that needs a draw, which at and when cannot"),
        ("shown", "the name shown in 'shown', a value that needs a draw, which at and when cannot"),
        ("now", "unknown name 'now'"),
    ],
)
def test_steps_cannot_use_what_depends_on_chance(name: str, reason: str) -> None:
    step = {"at": "begin", "when": name, "code": "thing", "body": "thing"}
    values = {"drawn": "id ~ 'x'", "shown": "sandbox('a')"}
    (problem,) = problems(story=[step], values=values)
    assert problem.found.startswith(reason)


def test_a_moment_of_a_false_step_is_not_computed() -> None:
    steps = [
        {"at": "begin", "code": "thing", "body": "thing"},
        {"at": "begin + 1 / 0", "when": "size > 9", "code": "thing", "body": "thing"},
    ]
    assert len(tell(small(story=steps))) == 1


def test_a_value_under_a_false_condition_is_not_computed() -> None:
    inner = {"$when": "size > 5", "$value": {"b": "{{ 1 // 0 }}"}}
    family = small(bodies={"thing": {"a": inner, "list": [1, inner, 2]}})
    assert content(family) == {"list": [1, 2]}
    with pytest.raises(ScenarioError) as caught:
        tell(family, {"size": 6})
    paths = [each.path for each in caught.value.problems]
    assert paths == ["bodies.thing.a.$value.b", "bodies.thing.list[1].$value.b"]


@for_each(
    ("expression", "spelled"),
    [
        ("now | iso_us", "2026-01-15T09:30:00.000000Z"),
        ("(now + 0.151) | iso_us(7)", "2026-01-15T09:30:00.151007Z"),
        ("now | iso_ns", "2026-01-15T09:30:00.000000000Z"),
        ("(now + 54.151) | iso_ns(358579)", "2026-01-15T09:30:54.151358579Z"),
    ],
)
def test_moments_may_have_more_digits_than_stories_count(expression: str, spelled: str) -> None:
    assert content(small(bodies={"thing": f"{{{{ {expression} }}}}"})) == spelled


def test_text_with_commas_is_a_list_of_its_pieces() -> None:
    loop = {"$each": "tags | split", "$as": "tag", "$value": "<{{ tag }}>"}
    said = {"tags": {"text": " a/b , c,,"}}
    family = small(says=said, values={}, bodies={"thing": {"tags": loop}})
    assert content(family) == {"tags": ["<a/b>", "<c>"]}
    assert content(family, {"tags": ""}) == {"tags": []}
    problem = telling_problem(family, {"tags": "," * 1000})
    assert problem.expected == "fewer commas"


@for_each("filter_", ["iso_us(1000)", "iso_ns(1000000)", "iso_ns(-1)", "iso_us(0.5)"])
def test_further_digits_are_less_than_a_millisecond(filter_: str) -> None:
    problem = telling_problem(small(bodies={"thing": f"{{{{ now | {filter_} }}}}"}))
    assert problem.expected.startswith("a whole number below 10^")


def test_an_override_and_an_event_code_replace_those_of_the_family() -> None:
    family = small(bodies={"thing": {"id": "{{ id }}", "code": "{{ code }}", "left": 1}})
    (told,) = tell(family, override={"left": None, "new": {"a": 1}}, event_code="mine", label="x")
    assert told.notification.event_code == "mine"
    assert {**told.notification.content, "id": ""} == {"id": "", "code": "mine", "new": {"a": 1}}


@for_each(
    ("text", "value"),
    [
        ("{{ size }}", 3),
        (" {{ size }}", " 3"),
        ("{{ 7 / 2 }}", 3.5),
        ("{{ 6 / 2 }} {{ true }}", "3 true"),
        ("{{ '}}' ~ size }}", "}}3"),
        ('{{ "it\\"s }}" }}', 'it"s }}'),
        ("{% if a %}{# b #}", "{% if a %}{# b #}"),
        ("{{ '{{' }} size }}", "{{ size }}"),
        ("{{ none }}", None),
        (
            "{{ (begin | iso_s) ~ '/' ~ (begin | sql) }}",
            "2026-01-15T09:30:00Z/2026-01-15 09:30:00.000",
        ),
        ("{{ 'é' | b64 | lower }}", "w6k="),
        ("{{ '/conf/é?' | b64url }}", "L2NvbmYvw6k_"),
        ("{{ 'a' | b64url }}", "YQ"),
        ("{{ length(' a/b , c,, ' | split) }}", 2),
        ("{{ 2.5 | round }}", 2),
        ("{{ 2.345 | round(2) }}", 2.35),
        ("{{ '12' | int + 1 }}", 13),
        ("{{ 'a\"b' | json }}", '"a\\"b"'),
        ("{{ hours(seconds_of('1d')) }}", 24),
        ("{{ max(1, size, 2) }}", 3),
        ("{{ size in [1, 3] and 'a' not in ['b'] }}", True),
        ("{{ begin - (begin - 90) }}", 90.0),
        ("{{ length('abc') }}", 3),
    ],
)
def test_expressions_give_these_values(text: str, value: Any) -> None:
    made = content(small(bodies={"thing": {"a": text}}))["a"]
    assert (made, type(made)) == (value, type(value))


def test_a_line_about_large_content_is_empty_instead_of_slow() -> None:
    """Content may have 2 MB, and a line may spell it many times: what it computes is counted."""
    content = {"a": "x" * 60_000}
    spelled = [
        small(line=" ".join(["{{ event | json }}"] * times)).line(content) for times in (3, 4)
    ]
    assert [len(each) for each in spelled] == [200, 0]
    (problem,) = problems(line=" ".join(["{{ event.a }}"] * 300))
    assert problem.path == "line"
    assert "parts of expressions; expected at most 500" in str(problem)


@for_each(
    "event",
    [
        None,
        3,
        "text",
        [],
        {},
        {"size": {}},
        {"size": "\x1b[2J" * 500},
        {"size": 10**5000},
        {"size": float("nan")},
    ],
)
def test_a_line_never_fails_whatever_has_come(event: Any) -> None:
    for line in (
        "{{ event.size or event.a.b }}",
        "{{ event.size + 1 }}",
        "{{ event.size | json }}",
    ):
        said = small(line=line).line(event)
        assert len(said) <= 200
        assert said.isprintable()


@for_each(
    ("result", "event", "said"),
    [
        ("event.state", {"state": "success"}, "success"),
        ("event.state", {"state": "done"}, ""),
        ("event.state", {"state": ["success"]}, ""),
        ("'partial' if event.failed > 0 else 'success'", {"failed": 3}, "partial"),
        ("'partial' if event.failed > 0 else 'success'", {"failed": "x"}, ""),
        ("'failed' if event.a.b == 1 else ''", {"a": {"b": 1}}, "failed"),
        ("'failed' if event.a.b == 1 else ''", None, ""),
        ("'failed' if event | json else ''", {"a": "x" * 300_000}, ""),
    ],
)
def test_a_result_is_one_of_three_words_or_nothing(result: str, event: Any, said: str) -> None:
    assert small(result=result).result(event) == said
    assert small().result(event) == ""


@for_each(
    ("result", "found"),
    [
        ("'partail' if event.a else ''", "'partail'"),
        ("'{{ event.a }}'", "'{{ event.a }}'"),
        ("evnt.state", "unknown name 'evnt'"),
        ("event.state |", "event.state"),
        (["success"], "a list"),
        (" and ".join(["event.a"] * 150), "an expression of 1,795 characters"),
    ],
)
def test_a_mistake_in_a_result_has_its_place(result: Any, found: str) -> None:
    (problem,) = problems(result=result)
    assert (problem.path, problem.file) == ("result", "thing.yaml")
    assert problem.line > 1
    assert found in problem.found
