"""Faults of a run's activities: which there are, their times, files and references."""

from __future__ import annotations

from functools import partial
from typing import Any

from ....core.fault import Fault
from ....faults.edits import (
    EACH,
    as_object,
    edited,
    replaced,
    with_members,
    with_part_of_list,
    with_value,
    without,
)
from ....faults.fault_point import FaultPoint, choice

at_run = FaultPoint[Any]("run", "flow_run")


@at_run(proves="the run's own summaries are enough")
def activities_missing(entity: Any, _: Fault) -> Any:
    """The list of activities is empty.

    Trap 12 of flow-run-payloads.md 7.4.
    """
    return with_value(entity, ("activities",), [])


@at_run(proves="activities are found by their ids, not by their position in the list")
def activity_alone(entity: Any, _: Fault) -> Any:
    """Only the last activity is listed.

    Trap 12 of flow-run-payloads.md 7.4.
    """
    return with_part_of_list(entity, ("activities",), slice(-1, None))


_ACTIVITY_IDS = {
    "copyActivity": "4f008a00-3a04-11eb-adc1-0242ac120002",
    "promotionActivity": "37b34f84-1ada-11eb-adc1-0242ac120002",
}
_ACTIVITY_NAMES = {"copyActivity": "Copy Activity", "promotionActivity": "Promotion Activity"}


@at_run(proves="activities are found by their old ids and by their new ids")
def activities_renamed(entity: Any, _: Fault) -> Any:
    """Activities have today's ids and names.

    They are constants since December 2020 (2.3). Trap 12 of flow-run-payloads.md 7.4.
    """
    named = edited(entity, ("activities", EACH), _named)
    return replaced(named, _ACTIVITY_IDS)


def _named(activity: Any) -> Any:
    old = as_object(activity).get("id")
    return {**activity, "name": _ACTIVITY_NAMES[old]} if old in _ACTIVITY_NAMES else activity


@at_run(proves="a duration without a start time is unknown")
def activity_start_missing(entity: Any, _: Fault) -> Any:
    """The activities have no start time.

    Trap 8 of flow-run-payloads.md 7.4.
    """
    return without(entity, ("activities", EACH, "durationSummary"), "startedAtUTC")


@at_run(proves="the update time of an activity is not used", argument=choice(87473822, 0))
def odd_update_time(entity: Any, fault: Fault) -> Any:
    """The activities have an impossible update time.

    In the samples it is 87473822, which is not a plausible time in any unit, or 0. Trap 9 of
    flow-run-payloads.md 7.4.
    """
    return with_value(entity, ("activities", EACH, "updatedAtUTC"), fault.argument)


@at_run(proves="an empty address is not called")
def file_info_empty(entity: Any, _: Fault) -> Any:
    """The list of files is an empty text.

    Trap 10 of flow-run-payloads.md 7.4.
    """
    path = ("activities", EACH, "fileSummary", "extensions", "manifest", "fileInfo")
    return with_value(entity, path, "")


@at_run(proves="files are read both from a list and from an address")
def file_info_list(entity: Any, fault: Fault) -> Any:
    """The files are a list of objects, at another path.

    Newer runs have metrics.fileSummary.manifest.fileInfo, an array (2.2). Trap 10 of
    flow-run-payloads.md 7.4.
    """
    name = f"{fault.draw(4).hex()}.parquet"
    files = [{"path": name, "pathPrefix": "bucket1/csv_test/", "outputBytes": 1024}]
    return with_value(entity, ("metrics", "fileSummary", "manifest"), {"fileInfo": files})


@at_run(proves="counts that disagree are accepted")
def file_counts_disagree(entity: Any, _: Fault) -> Any:
    """The run and its activities have different counts of files.

    Trap 16 of flow-run-payloads.md 7.4.
    """
    entity = with_members(entity, ("metrics", "fileSummary"), inputFileCount=1)
    return with_members(entity, ("activities", EACH, "fileSummary"), inputFileCount=2)


@at_run(proves="a reference without ids is accepted", argument=choice("missing", "empty"))
def reference_ids(entity: Any, fault: Fault) -> Any:
    """References have no ids.

    Trap 11 of flow-run-payloads.md 7.4.
    """
    change = _without_ids if fault.argument == "missing" else _with_no_ids
    for name in ("sourceInfo", "targetInfo"):
        entity = edited(entity, ("activities", EACH), partial(change, name))
    return entity


def _without_ids(name: str, activity: Any) -> Any:
    return without(activity, (name, EACH, "reference"), "ids") if name in activity else activity


def _with_no_ids(name: str, activity: Any) -> Any:
    path = (name, EACH, "reference", "ids")
    return with_value(activity, path, []) if name in activity else activity


@at_run(proves="types of references are compared without regard to case")
def reference_type_case(entity: Any, _: Fault) -> Any:
    """The types of references begin with a letter of the other case.

    The samples have both batch and Batch. Trap 11 of flow-run-payloads.md 7.4.
    """
    return edited(entity, ("activities", EACH), _with_other_case)


def _with_other_case(activity: Any) -> Any:
    for name in {"sourceInfo", "targetInfo"} & as_object(activity).keys():
        activity = edited(activity, (name, EACH, "reference", "type"), _other_case)
    return activity


def _other_case(word: Any) -> Any:
    return word[:1].swapcase() + word[1:] if isinstance(word, str) else word
