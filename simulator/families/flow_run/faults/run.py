"""Faults of the run entity: its times, status, errors and texts."""

from __future__ import annotations

from typing import Any

from ....core.fault import Fault
from ....core.identifiers import uuid4
from ....core.instant import from_ms, spell
from ....faults.edits import EACH, as_object, edited, with_value, without
from ....faults.fault_point import FaultPoint, choice, number, text

at_run = FaultPoint[Any]("run", "flow_run")

PARTS = ("metrics",), ("activities", EACH)
"""The objects in a run entity that have summaries: the metrics, and each activity."""


@at_run(proves="if a run has no end time, it is read from its activities")
def end_missing(entity: Any, _: Fault) -> Any:
    """The run has no end time, although its activities have one.

    Trap 8 of flow-run-payloads.md 7.4.
    """
    return without(entity, ("metrics", "durationSummary"), "completedAtUTC")


@at_run(proves="the unit of a time is detected by its size")
def epoch_seconds(entity: Any, _: Fault) -> Any:
    """Durations are in seconds, among other times in milliseconds.

    Trap 5 of flow-run-payloads.md 7.4.
    """
    for part in PARTS:
        entity = edited(entity, (*part, "durationSummary"), _in_seconds)
    return entity


def _in_seconds(summary: Any) -> Any:
    return {name: _seconds_of(each) for name, each in as_object(summary).items()}


def _seconds_of(value: Any) -> Any:
    if type(value) is int:
        return value // 1000
    return _in_seconds(value) if isinstance(value, dict) else value


@at_run(proves="a time is read both from a number and from text")
def iso_times(entity: Any, _: Fault) -> Any:
    """The run's own times are ISO 8601 text.

    Trap 6 of flow-run-payloads.md 7.4.
    """
    times = {
        name: spell(from_ms(entity[name]))
        for name in ("createdAt", "updatedAt")
        if type(entity.get(name)) is int
    }
    return {**entity, **times}


@at_run(
    proves="statuses other than success and failed are accepted",
    argument=choice("partialSuccess", "inProgress", "scheduled"),
)
def other_status(entity: Any, fault: Fault) -> Any:
    """The run has another documented status.

    Trap 14 of flow-run-payloads.md 7.4.
    """
    return with_value(entity, ("metrics", "statusSummary", "status"), fault.argument)


@at_run(
    proves="an unknown status is stored unchanged, and handled neither as success nor as failure",
    argument=text("status", "quarantined"),
)
def unknown_status(entity: Any, fault: Fault) -> Any:
    """The run has a status that is not documented.

    Trap 14 of flow-run-payloads.md 7.4.
    """
    return with_value(entity, ("metrics", "statusSummary", "status"), fault.argument)


_PROMOTION_ERRORS = [
    {"code": "CONNECTOR-2001-500", "message": "Error occurred at promotion activity."}
]


@at_run(proves="a success with errors is handled as a success, and its errors are stored")
def errors_beside_success(entity: Any, _: Fault) -> Any:
    """The run succeeds, but has errors.

    Trap 13 of flow-run-payloads.md 7.4.
    """
    return with_value(
        entity, ("metrics", "statusSummary"), {"status": "success", "errors": _PROMOTION_ERRORS}
    )


_ODD_CODES = ("133", "42602", "Unknown error code", "ACTIVATION_BATCH-0000-SKIP")
_ODD_ERRORS = [{"code": code, "message": "The record could not be read."} for code in _ODD_CODES]


@at_run(proves="an error code is stored as text, unchanged")
def odd_error_codes(entity: Any, _: Fault) -> Any:
    """Errors have codes in many forms: only digits, words, or unusually long.

    Trap 15 of flow-run-payloads.md 7.4.
    """
    return with_value(entity, ("metrics", "statusSummary", "errors"), _ODD_ERRORS)


_ERROR_LINE = (
    "ErrorCode=UserErrorFailedFileOperation,"
    "'Type=Microsoft.DataTransfer.Common.Shared.HybridDeliveryException,"
    'Message=Cannot write: {"error": "login \\"etl\\" failed", "path": "C:\\\\data"},\r\n'
)


@at_run(
    proves="texts of any length and content are stored or shortened, and accepted",
    argument=number("kilobytes", 8, 1, 1_000),
)
def long_error_text(entity: Any, fault: Fault) -> Any:
    """An error has a text of many kilobytes, with quotes, line breaks and JSON inside.

    Trap 15 of flow-run-payloads.md 7.4.
    """
    text = (_ERROR_LINE * (fault.argument * 1024 // len(_ERROR_LINE) + 1))[: fault.argument * 1024]
    error = {"code": "2200", "message": text}
    return with_value(entity, ("metrics", "statusSummary", "errors"), [error])


_ERROR_TEXT = "Failure happened on 'Sink' side. " + 32 * (
    _ERROR_LINE + "{rows}: 12.5 % of %s in 'd''Artagnan \U0001f9fe';\r\n"
)


@at_run(proves="the texts of errors are only stored, never read as formats or as SQL")
def error_texts(entity: Any, _: Fault) -> Any:
    """The texts of all errors have some kilobytes, with quotes, braces and percent signs.

    They also have line breaks, backslashes, JSON, and characters of four bytes. So does errorDetail
    in the extensions of the activities (4.1). Trap 15 of flow-run-payloads.md 7.4.
    """
    errors = [{"code": "2200", "message": _ERROR_TEXT}]
    for part in PARTS:
        entity = with_value(entity, (*part, "statusSummary", "errors"), errors)
    status = ("activities", EACH, "statusSummary")
    return with_value(entity, (*status, "extensions", "errorDetail"), _ERROR_TEXT)


_UNKNOWN_FIELDS = {
    "flowName": "Dataflow - orders.csv",
    "flowType": "batch",
    "message": "Flow run finished.",
    "url": "https://experience.adobe.com/#/platform/flow/runs",
    "inventedIn2031": {"deep": [{"er": None}]},
}


@at_run(proves="unknown fields are ignored")
def unknown_fields(entity: Any, fault: Fault) -> Any:
    """The run has fields that are not documented.

    Trap 17 of flow-run-payloads.md 7.4.
    """
    parent = {"flowId": uuid4(fault.draw(16, "flow")), "flowRunId": uuid4(fault.draw(16, "run"))}
    return {**as_object(entity), **_UNKNOWN_FIELDS, "predecessors": [parent]}


_ODD_KEYS = {"adf/run/id": "1", "incremental.batchId": "2", "full.incremental.batchId": "3"}


@at_run(proves="keys are read as plain text, not as paths or variable names")
def odd_keys(entity: Any, _: Fault) -> Any:
    """Keys contain slashes and dots.

    Trap 17 of flow-run-payloads.md 7.4.
    """
    entity = with_value(entity, ("params",), _ODD_KEYS)
    return with_value(
        entity, ("activities", EACH, "statusSummary", "extensions", "keys"), _ODD_KEYS
    )


_PLACEHOLDERS = {"imsOrgId": "{ORG_ID}", "createdBy": "{CREATED_BY}", "updatedBy": "{UPDATED_BY}"}


@at_run(proves="any text is accepted as an id")
def placeholders(entity: Any, _: Fault) -> Any:
    """Ids are placeholders from the documentation.

    Trap 17 of flow-run-payloads.md 7.4.
    """
    return {**as_object(entity), **_PLACEHOLDERS}


_FLOW_NAME = "Übernahme der Aufträge · 受注データ · заказы · 🧾 e\u0301"


@at_run(proves="signatures are verified over the raw bytes, with any text")
def non_ascii_text(entity: Any, _: Fault) -> Any:
    """The flow's name has characters of many languages.

    Mistake 9 of io-events-protocol.md 10.
    """
    return {**as_object(entity), "flowName": _FLOW_NAME}
