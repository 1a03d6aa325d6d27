"""Journals, as events-va6.adobe.io serves them, at all addresses (5)."""

from __future__ import annotations

from .base import ANYTHING, INTEGER, PLAIN, TEXT, Answer, Json, Operation, array, record

_JOURNAL = "/organizations/{org}/integrations/{credential_id}/{registration_id}"
_READ = tuple(f"{prefix}{_JOURNAL}" for prefix in ("/events", "", "/events-fast"))
_LINK = {"Link": "Where to go on, one link a line, paths without a host (5.6)."}
_EXPIRED = Answer("The events at this position have expired.", TEXT, PLAIN)

_PAGE = Answer(
    "Some events, in order.",
    record(
        {
            "events": array(record({"position": TEXT, "event": ANYTHING})),
            "_page": record({"last": TEXT, "count": INTEGER}),
        }
    ),
    "application/vnd.adobecloud.events+json",
    _LINK,
)
_ANSWERS = {
    200: _PAGE,
    204: Answer(
        "None yet.", headers={**_LINK, "retry-after": "Seconds until it is worth asking again."}
    ),
    410: _EXPIRED,
}
_QUERY: dict[str, Json] = {
    "since": TEXT | {"description": "Only events after this position.", "minLength": 1},
    "limit": INTEGER | {"description": "So many events, at most.", "minimum": 1},
    "latest": {"enum": ["true", "false"], "description": "Only events from now on."},
    "seek": TEXT | {"description": "Only events of this time, as -PT2H; excludes since."},
}

OPERATIONS = (
    Operation("get", _READ, "Read a journal.", _ANSWERS, query=_QUERY),
    Operation(
        "get",
        (f"/events-validate{_JOURNAL}", *(f"{path}/validate" for path in _READ)),
        "Read a journal from a position that may have expired.",
        _ANSWERS,
        query=_QUERY,
        required=frozenset({"since"}),
    ),
    Operation(
        "get",
        (f"/count{_JOURNAL}",),
        "How many events there are to read.",
        {200: Answer("So many.", record({"count": INTEGER})), 410: _EXPIRED},
        query=_QUERY,
    ),
)
