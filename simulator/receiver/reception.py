"""What a sound consumer says to one request: the judgement of the receiving stub.

Order and reasons follow io-events-protocol.md 2.3: the body is JSON, the recipient is the
consumer itself, and one of the signatures vouches for the exact bytes. A validation URL, which
nobody signs, is let in and no more than shown: whoever opens it gives the proof (3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.json_reading import TooManyValuesError, parse_text
from ..core.payload import RECIPIENT_NAMES
from ..core.signature import FindKey, verify
from ..errors import SignatureError

VALIDATION = "validationUrl"
"""The single key of a body that asks for the proof of a webhook."""


@dataclass(frozen=True, slots=True)
class Reception:
    """One request, judged: what to answer, and why not 200 where it is not."""

    status_code: int
    reason: str = ""

    @property
    def verified(self) -> bool:
        return not self.reason


def judge(
    body: bytes,
    headers: Mapping[str, str],
    find_key: FindKey,
    client_id: str | None,
    recipient_required: bool = True,
) -> Reception:
    """Return 200 for a delivery that is sound, 400 for a body that is no JSON, else 401.

    A body with more values than are read gets 413. A validation URL gets 200 too, and is not
    verified. ``headers`` are looked up in lower case. Without a ``client_id`` any recipient
    will do.
    """
    try:
        content = parse_text(body.decode("utf-8"))
    except TooManyValuesError as error:
        return Reception(413, f"the body has {error}")
    except ValueError as error:
        return Reception(400, f"the body is not JSON in UTF-8: {str(error)[:120]}")
    if isinstance(content, dict) and [*content] == [VALIDATION]:
        return Reception(200, f"unsigned, a validation URL: {str(content[VALIDATION])[:300]!r}")
    problem = _recipient_problem(content, client_id, recipient_required)
    if problem:
        return Reception(401, problem)
    try:
        verify(body, headers, find_key)
    except SignatureError as error:
        return Reception(401, str(error))
    return Reception(200)


def _recipient_problem(content: Any, client_id: str | None, required: bool) -> str:
    """Return why an element of the body is not for this consumer, or nothing."""
    for element in content if isinstance(content, list) else [content]:
        named = (
            [element[name] for name in RECIPIENT_NAMES if name in element]
            if isinstance(element, dict)
            else []
        )
        if not named and required:
            return "no recipient client id in the body"
        foreign = [name for name in named if name != client_id]
        if client_id is not None and foreign:
            return f"the recipient is {str(foreign[0])[:80]!r}, not {client_id!r}"
    return ""
