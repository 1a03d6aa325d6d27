"""Bearer tokens, as ims-na1.adobelogin.com gives them (6.8)."""

from __future__ import annotations

from .base import INTEGER, TEXT, Answer, Operation, record

_FORM = record(
    {"grant_type": {"const": "client_credentials"}, "client_id": TEXT, "client_secret": TEXT},
    {"scope": TEXT},
)

OPERATIONS = (
    Operation(
        "post",
        ("/ims/token/v3",),
        "Get a bearer token for a client id and a client secret.",
        {
            200: Answer(
                "A token for 24 hours.",
                record({"access_token": TEXT, "token_type": TEXT, "expires_in": INTEGER}),
            ),
            400: Answer("No token.", record({"error": TEXT, "error_description": TEXT})),
        },
        {"application/x-www-form-urlencoded": _FORM},
        {"grant_type": "client_credentials", "client_id": "mine", "client_secret": "p8e-mine"},
        is_open=True,
    ),
)
