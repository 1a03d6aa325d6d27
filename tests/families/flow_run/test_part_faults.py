"""Faults of single parts of an event: one is missing, has a further member, or another id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowsim.families.registry import FAULTS

from ...cases import for_each
from ...faults.way import KINDS, events_of, run_of, way_of, ways_of
from .test_run_faults import run_with

NEW = "inventedIn2031"
LEVELS = {
    "metrics": {"metrics"},
    "summaries": {
        *("durationSummary", "sizeSummary", "recordSummary", "fileSummary", "statusSummary"),
    },
    "activities": {"activities"},
    "errors": {"errors"},
    "connections": {"sourceInfo", "targetInfo"},
    "references": {"reference"},
    "extensions": {"extensions", "manifest"},
    "header": {"header", "_adobeio"},
}
"""Level → the names of the objects that get a member there, in a success."""


def words(name: str) -> list[Any]:
    """Return all arguments of a fault."""
    argument = FAULTS[name].argument
    assert argument is not None
    return [each for each in argument.schema["enum"] if each is not None]


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield the path and the value of each member without members."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in pairs:
        if isinstance(each, dict | list) and each:
            yield from leaves(each, (*path, key))
        else:
            yield (*path, key), each


def named(path: tuple[Any, ...]) -> str:
    """Return the name of the object that has the last member of a path."""
    return next((step for step in reversed(path[:-1]) if isinstance(step, str)), "")


@for_each("kind", KINDS)
@for_each("count", words("count-as-text"))
def test_one_count_is_text_and_nothing_else_changes(kind: str, count: str) -> None:
    before, after = run_of(events_of(kind)[0]), run_with(kind, ("count-as-text", count))
    changed = {path: each for path, each in leaves(after) if (path, each) not in [*leaves(before)]}
    assert changed == {path: str(each) for path, each in leaves(before) if path[-1] == count}
    assert changed or kind != "success"


@for_each("kind", KINDS)
@for_each("part", words("part-missing"))
def test_one_part_is_missing_and_nothing_else_changes(kind: str, part: str) -> None:
    names = {"sourceInfo", "targetInfo"} if part == "connections" else {part}
    before, after = run_of(events_of(kind)[0]), run_with(kind, ("part-missing", part))
    assert not any({*path} & names for path, _ in leaves(after))
    assert [each for each in leaves(before) if not {*each[0]} & names] == [
        each for each in leaves(after) if each[0] in dict(leaves(before))
    ]


@for_each("level", LEVELS)
def test_an_unknown_member_is_at_one_level_and_nothing_else_changes(level: str) -> None:
    for plain, way in zip(
        ways_of("success"), ways_of("success", ("unknown-member", level)), strict=True
    ):
        after = [*leaves(way.element)]
        places = {path[: path.index(NEW) + 1] for path, _ in after if NEW in path}
        assert {named(each) for each in places} == LEVELS[level]
        assert [each for each in after if NEW not in each[0]] == [*leaves(plain.element)]


def test_the_header_of_a_failure_is_the_message_around_the_run() -> None:
    way = way_of(events_of("copy"), ("unknown-member", "header"))
    (message,) = way.element["messages"]
    assert all(NEW in each for each in (message, message["schema"]))
    assert NEW in message["_eventNotificationMeta"]
    assert message["value"] == run_of(events_of("copy")[0])


@for_each("kind", KINDS)
@for_each("word", words("id-form"))
def test_an_id_of_another_form_is_the_same_wherever_it_is(kind: str, word: str) -> None:
    before, after = run_of(events_of(kind)[0]), run_with(kind, ("id-form", word))
    olds = {"run": before["id"], "flow": before["flowId"], "sandbox": before["sandboxId"]}
    pairs = [*zip(leaves(before), leaves(after), strict=True)]
    changed = {old: new for (_, old), (_, new) in pairs if old != new}
    assert changed
    assert all(new.count(f"{word}-") >= 1 for new in changed.values())
    if word in olds:
        assert changed[olds[word]].startswith(f"{word}-")
        assert olds[word] not in str(after)


def test_parts_that_an_override_removed_are_no_reason_to_fail() -> None:
    for removed in ({"activities": None}, {"metrics": None}, {"activities": 5, "metrics": []}):
        for name in ("count-as-text", "part-missing", "unknown-member", "id-form"):
            for word in words(name):
                assert way_of(events_of(override=removed), (name, word)).element["event"]


def test_a_list_that_is_missing_does_not_become_an_object() -> None:
    run = run_with("success", ("part-missing", "activities"), "counts-missing", "odd-update-time")
    assert "activities" not in run
