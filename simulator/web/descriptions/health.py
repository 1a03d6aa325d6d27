"""Whether the service runs."""

from __future__ import annotations

from .base import INTEGER, MOMENT, TEXT, Answer, Operation, record

OPERATIONS = (
    Operation(
        "get",
        ("/healthz",),
        "Whether the service runs.",
        {200: Answer("It does.", record({"status": TEXT}))},
        is_open=True,
    ),
    Operation(
        "get",
        ("/readyz",),
        "Whether the service may be used; a 503 while its store cannot be read or written.",
        {200: Answer("It may.", record({"status": TEXT, "now": MOMENT, "registrations": INTEGER}))},
        is_open=True,
    ),
)
