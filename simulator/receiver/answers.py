"""What the receiving stub answers: its judgement of a request, or what its options say.

Order and reasons of the judgement follow io-events-protocol.md 2.3: the body is JSON, the
recipient is the consumer itself, and one of the signatures fits the exact bytes. A validation URL
is not signed. It is accepted and only shown: opening it proves the webhook (3.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.json_reading import TooManyValuesError, parse_text
from ..core.payload import RECIPIENT_NAMES
from ..core.signature import FindKey, verify
from ..errors import SettingError, SignatureError
from ..web.silences import SILENCES, Silence

VALIDATION = "validationUrl"
"""The single key of a body that asks for the proof of a webhook."""

_PART = re.compile(rf"(\d{{3}}|{'|'.join(SILENCES)})(?:\*(\d{{1,6}}))?")


@dataclass(frozen=True, slots=True)
class Reception:
    """The decision about one request: the answer, and the reason for any status but 200."""

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
    """Return 200 for a correct delivery, 400 for a body that is no JSON, else 401.

    While the key host gives no answer, and no other signature fits, it is 503: the event then comes
    again. A body with more values than are read gets 413. A validation URL gets 200 too, and is not
    verified. ``headers`` are looked up in lower case. Without a ``client_id`` any recipient is
    accepted.
    """
    try:
        content = parse_text(body.decode("utf-8"))
    except TooManyValuesError as error:
        return Reception(413, f"the body has {error}")
    except ValueError as error:
        return Reception(400, f"the body is not JSON in UTF-8: {str(error)[:120]}")
    if isinstance(content, dict) and [*content] == [VALIDATION]:
        return Reception(200, f"unsigned, a validation URL: {str(content[VALIDATION])[:300]!r}")
    problem = recipient_problem(content, client_id, recipient_required)
    if problem:
        return Reception(401, problem)
    try:
        verify(body, headers, find_key)
    except SignatureError as error:
        return Reception(503 if error.may_fit_later else 401, str(error))
    return Reception(200)


def recipient_problem(content: Any, client_id: str | None, required: bool) -> str:
    """Return why an element of the body is not for this consumer, or nothing.

    ``content`` is the JSON value of the body. Without a ``client_id`` any recipient is right.
    """
    found = unfit_recipient(content, client_id, required)
    if found is None:
        return ""
    if not found.is_named:
        return "no recipient client id in the body"
    return f"the recipient is {str(found.value)[:80]!r}, not {client_id!r}"


@dataclass(frozen=True, slots=True)
class UnfitRecipient:
    """An element of a body that is not for this consumer, by its place from 1.

    ``value`` is what it has as its recipient, which may be any JSON value, if it ``is_named``.
    """

    place: int
    is_named: bool
    value: Any = None


def unfit_recipient(content: Any, client_id: str | None, required: bool) -> UnfitRecipient | None:
    """Return the first element of a body that is not for this consumer; None if all are.

    Without a ``client_id`` any recipient is right.
    """
    for place, element in enumerate(content if isinstance(content, list) else [content], 1):
        named = (
            [element[name] for name in RECIPIENT_NAMES if name in element]
            if isinstance(element, dict)
            else []
        )
        if not named and required:
            return UnfitRecipient(place, is_named=False)
        foreign = [name for name in named if name != client_id]
        if client_id is not None and foreign:
            return UnfitRecipient(place, is_named=True, value=foreign[0])
    return None


def parse(text: str) -> tuple[int | Silence, ...]:
    """Return status codes and silences in order; the last one is repeated.

    Raises ``SettingError`` for anything else, for codes that are not from 200 to 599, and for
    counts that are not above 0.
    """
    found: list[int | Silence] = []
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        answer = _answer(match[1]) if match else None
        if match is None or answer is None or int(match[2] or 1) == 0:
            raise SettingError(
                f"cannot answer {text!r}: expected {', '.join(SILENCES)} or status codes from 200 "
                "to 599, as in 503*2,200"
            )
        found += [answer] * int(match[2] or 1)
    return tuple(found)


def _answer(word: str) -> int | Silence | None:
    for silence in SILENCES:
        if word == silence:
            return silence
    return int(word) if 200 <= int(word) <= 599 else None


def nth(answers: tuple[int | Silence, ...], number: int) -> int | Silence:
    """Return the answer to the ``number``th request, from 1."""
    return answers[min(number, len(answers)) - 1]
