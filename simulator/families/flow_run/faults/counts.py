"""Faults of the counts of a run: unknown, zero, missing or as text, or without an explanation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ....core.fault import Fault
from ....faults.edits import (
    EACH,
    as_object,
    edited,
    with_members,
    with_part_of_list,
    with_value,
    without,
)
from ....faults.fault_point import choice
from .run import PARTS, at_run

_COUNTS = {
    "failedRecordCount": "recordSummary",
    "inputRecordCount": "recordSummary",
    "outputRecordCount": "recordSummary",
    "inputBytes": "sizeSummary",
    "outputBytes": "sizeSummary",
    "inputFileCount": "fileSummary",
    "outputFileCount": "fileSummary",
}
"""Each count, and the summary that holds it."""

_COUNTED = ("sizeSummary", "recordSummary", "fileSummary")
"""The summaries that hold counts."""


@at_run(proves="-1 is read as unknown, and never added to a sum")
def counts_unknown(entity: Any, _: Fault) -> Any:
    """All counts are -1, which means unknown.

    Trap 7 of flow-run-payloads.md 7.4.
    """
    entity = with_members(entity, ("metrics", "sizeSummary"), inputBytes=-1)
    entity = with_members(entity, ("metrics", "recordSummary"), inputRecordCount=-1)
    return _with_counts(entity, lambda _: -1)


@at_run(proves="0 is handled like any other number, not as a missing value")
def counts_zero(entity: Any, _: Fault) -> Any:
    """All counts are 0, which is a valid number.

    Trap 7 of flow-run-payloads.md 7.4.
    """
    entity = with_members(entity, ("metrics", "recordSummary"), inputRecordCount=0)
    return _with_counts(entity, lambda _: 0)


@at_run(proves="a missing count is read as unknown")
def counts_missing(entity: Any, _: Fault) -> Any:
    """The summaries of counts are empty objects.

    Trap 7 of flow-run-payloads.md 7.4.
    """
    for part in PARTS:
        for name in _COUNTED:
            entity = with_value(entity, (*part, name), {})
    return entity


@at_run(proves="the counts of a run are read from the run, not from its first activity")
def first_without_records(entity: Any, _: Fault) -> Any:
    """The first activity counts no records, although the run does.

    The copy of the published partial ingestion is so (3.3). Traps 7 and 12 of flow-run-payloads.md
    7.4.
    """
    activities = as_object(entity).get("activities")
    if not isinstance(activities, list):
        return entity
    emptied = with_value(activities[:1], (EACH, "recordSummary"), {})
    return with_value(entity, ("activities",), [*emptied, *activities[1:]])


@at_run(proves="a run without summaries is accepted")
def summaries_missing(entity: Any, _: Fault) -> Any:
    """The run has no summaries of counts.

    Trap 7 of flow-run-payloads.md 7.4.
    """
    for part in PARTS:
        entity = without(entity, part, *_COUNTED)
    return entity


@at_run(proves="a number is read from text too")
def numbers_as_text(entity: Any, _: Fault) -> Any:
    """Counts are written as text.

    Trap 6 of flow-run-payloads.md 7.4.
    """
    return _with_counts(entity, str)


@at_run(
    proves="each count is read from text too, also beside counts that are numbers",
    argument=choice(*_COUNTS),
)
def count_as_text(entity: Any, fault: Fault) -> Any:
    """One count is written as text, and the others are numbers.

    It is text in the run and in its activities, where it is there. Trap 6 of flow-run-payloads.md
    7.4.
    """
    for part in PARTS:
        entity = edited(entity, part, partial(_one_as_text, fault.argument))
    return entity


def _one_as_text(name: str, part: Any) -> Any:
    count = as_object(as_object(part).get(_COUNTS[name])).get(name)
    return part if count is None else with_value(part, (_COUNTS[name], name), str(count))


@at_run(proves="a run without new data is not handled as a failure")
def nothing_ingested(entity: Any, _: Fault) -> Any:
    """The run succeeds without any input, and its first activity is also its last.

    Trap 13 of flow-run-payloads.md 7.4.
    """
    for part in PARTS:
        entity = with_value(entity, (*part, "sizeSummary"), {"inputBytes": 0})
        entity = with_value(entity, (*part, "recordSummary"), {"inputRecordCount": 0})
        entity = with_value(entity, (*part, "fileSummary"), {})
        entity = with_value(entity, (*part, "statusSummary"), {"status": "success"})
    return with_part_of_list(entity, ("activities",), slice(1))


_COUNTS_OF_LOSS = {"inputRecordCount": 100, "outputRecordCount": 70}


@at_run(proves="a loss is detected in the counts, even without an error")
def unexplained_loss(entity: Any, _: Fault) -> Any:
    """30 of 100 records are missing, and no error explains it.

    Trap 13 of flow-run-payloads.md 7.4.
    """
    entity = with_value(entity, ("metrics", "recordSummary"), _COUNTS_OF_LOSS)
    return without(entity, ("metrics", "statusSummary"), "errors")


def _with_counts(value: Any, change: Callable[[int], Any]) -> Any:
    """Return a run entity with every count of rows, bytes and files changed."""

    def changed(summary: Any) -> Any:
        return {
            name: change(each) if type(each) is int else each
            for name, each in as_object(summary).items()
        }

    for part in PARTS:
        for name in _COUNTED:
            value = edited(value, (*part, name), changed)
    return value
