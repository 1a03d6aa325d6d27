"""The validation URL of the asynchronous challenge, as csm.adobe.io serves it (3.2)."""

from __future__ import annotations

from ...core.challenge import PATH
from .base import PLAIN, TEXT, Answer, Operation

OPERATIONS = (
    Operation(
        "get",
        (PATH,),
        "Give the proof that a webhook owes.",
        {200: Answer("The registration is verified.", TEXT, PLAIN)},
        query={"id": TEXT, "challenge": TEXT},
        is_open=True,
    ),
)
