"""What notifications point to, as platform.adobe.io serves it (flow-run-payloads.md 2, 3.5)."""

from __future__ import annotations

from .base import BINARY, INTEGER, LINKS, TEXT, Answer, Operation, array, record

_FLOWS = "/data/foundation/flowservice"
_BATCH = "/data/foundation/export/batches/{batch_id}"
_ITEMS = record({"items": array({"type": "object"})})
_PAGE = record({"items": array({"type": "object"}), "_links": LINKS})
_COUNT = record({"count": INTEGER})
_FILES = record(
    {
        "data": array(record({"name": TEXT, "length": TEXT, "_links": LINKS})),
        "_page": record({"count": INTEGER, "limit": INTEGER}),
    }
)
_PLACE = {"path": TEXT, "start": INTEGER | {"minimum": 0}, "limit": INTEGER | {"minimum": 1}}

OPERATIONS = (
    Operation(
        "get",
        (f"{_FLOWS}/runs/{{run_id}}",),
        "Read a flow run that a notification told about.",
        {200: Answer("The run, alone in a list.", _ITEMS)},
    ),
    Operation(
        "get",
        (f"{_FLOWS}/runs",),
        "List flow runs that notifications told about.",
        {200: Answer("A page of runs, or how many there are.", {"anyOf": [_PAGE, _COUNT]})},
        query={
            "property": array(TEXT) | {"description": "A condition, as in id==a,b."},
            "limit": INTEGER | {"minimum": 1, "maximum": 100},
            "orderby": TEXT,
            "continuationToken": TEXT,
            "count": {"enum": ["true", "false"]},
        },
    ),
    Operation(
        "get",
        (f"{_FLOWS}/flows/{{flow_id}}",),
        "Read the flow of a run.",
        {200: Answer("The flow, alone in a list.", _ITEMS)},
    ),
    Operation(
        "get",
        (f"{_BATCH}/meta", f"{_BATCH}/failed"),
        "List the files of a batch, or download one of them.",
        {200: Answer("The files, or one of them.", _FILES, or_else={BINARY: TEXT})},
        query=_PLACE,
    ),
)
