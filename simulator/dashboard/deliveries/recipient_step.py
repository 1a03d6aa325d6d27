"""The recipient of a delivery as a step of verifying it, with each cause of a failure in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...core.json_reading import TooManyValuesError, parse_text
from ...core.payload import RECIPIENT_NAMES
from ...core.printable import brief
from ...receiver.answers import VALIDATION, UnfitRecipient, unfit_recipient
from .one_signature import FAILED, NOT_REACHED, PASSED, SignatureStep


@dataclass(frozen=True, slots=True)
class FoundRecipient:
    """The step, and why a consumer must refuse the delivery whatever its signatures are.

    ``problem`` is a clause such as "the request has no body", empty if nothing is wrong.
    ``status`` is the answer that it gets, 0 if any 4xx does. ``is_empty`` marks an array without
    events, ``is_validation`` a body that asks for the proof of a webhook.
    """

    step: SignatureStep
    problem: str = ""
    status: int = 0
    is_empty: bool = False
    is_validation: bool = False


_NAME = "recipient client id"
_MEANS = "The body names the client id for which it is; another one must be refused."


def recipient_of(body: bytes, client_id: str | None) -> FoundRecipient:
    """Return the recipient of a body; without a ``client_id`` any one is right. Never fails."""
    try:
        content = parse_text(body.decode("utf-8"))
    except TooManyValuesError as error:
        return _unread(f"the body has {error}", 413)
    except ValueError:
        return _unread("the body is not JSON in UTF-8" if body else "the request has no body", 400)
    if content == []:
        step = _step(NOT_REACHED, "no event: there is nothing to compare")
        return FoundRecipient(step, is_empty=True)
    if isinstance(content, dict) and [*content] == [VALIDATION]:
        step = _step(NOT_REACHED, "no event: a validation URL has no recipient")
        return FoundRecipient(step, is_validation=True)
    unfit = unfit_recipient(content, client_id, required=True)
    if unfit is not None:
        return _unfit(unfit, len(content) if isinstance(content, list) else 1, client_id)
    known = "" if client_id is not None else ", compared with none: no client id is known here"
    return FoundRecipient(_step(PASSED, brief(_named(content)) + known))


def _step(state: str, found: str, mistake: str = "", remedy: str = "") -> SignatureStep:
    return SignatureStep("recipient", _NAME, state, found, _MEANS, mistake, remedy)


def _unread(problem: str, status: int) -> FoundRecipient:
    step = _step(FAILED, "", problem, f"Refuse it with {status}.")
    return FoundRecipient(step, problem, status)


def _unfit(unfit: UnfitRecipient, events: int, client_id: str | None) -> FoundRecipient:
    """Return what is wrong with the recipient of one of so many events."""
    event = "the event" if events == 1 else f"event {unfit.place} of {events}"
    whole = "it" if events == 1 else "the whole batch"
    if not unfit.is_named:
        problem, found = f"{event} names no recipient", "none"
        remedy = f"Refuse {whole}: nothing says for whom {event} is."
    elif unfit.value == "":
        problem, found = f"{event} has an empty text as its recipient", "an empty text"
        remedy = f"Refuse {whole}: nothing says for whom {event} is."
    else:
        problem, found = f"{event} is for another client id", brief(str(unfit.value))
        remedy = f"Refuse {whole}: {event} is for another consumer than {brief(str(client_id))}."
    return FoundRecipient(_step(FAILED, found, problem, remedy), problem)


def _named(content: Any) -> str:
    first = content[0] if isinstance(content, list) else content
    return str(next(first[name] for name in RECIPIENT_NAMES if name in first))
