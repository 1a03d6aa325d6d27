"""The public keys, as static.adobeioevents.com serves them (2.2)."""

from __future__ import annotations

from .base import PLAIN, TEXT, Answer, Operation

OPERATIONS = (
    Operation(
        "get",
        ("/prod/keys/{name}",),
        "A public key, at the path that deliveries name.",
        {
            200: Answer("PEM.", TEXT, "application/x-pem-file"),
            404: Answer("No such key.", TEXT, PLAIN),
        },
        is_open=True,
    ),
)
