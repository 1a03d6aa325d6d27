"""App Builder's state store, as far as Adobe's Node SDK needs it (2.5)."""

from __future__ import annotations

from .base import BINARY, PLAIN, TEXT, Answer, Operation

_PATHS = ("/containers/{namespace}/data/{key}",)

OPERATIONS = (
    Operation(
        "get",
        _PATHS,
        "Read a value.",
        {200: Answer("The value.", TEXT, BINARY, {"x-key-expires-ms": "Epoch milliseconds."})},
    ),
    Operation(
        "put",
        _PATHS,
        "Write a value.",
        {200: Answer("Its key.", TEXT, PLAIN)},
        {BINARY: TEXT},
        "-----BEGIN PUBLIC KEY-----",
        query={"ttl": TEXT | {"description": "Seconds until it expires."}},
    ),
)
