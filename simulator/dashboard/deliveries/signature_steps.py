"""The signatures of a delivery, verified step by step as a consumer must.

The steps are those of io-events-protocol.md 2.3, in the order of the headers: one signature that
fits is enough, and the recipient must be the consumer itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...core.json_reading import parse_text
from ...core.payload import RECIPIENT_NAMES
from ...core.printable import brief
from ...core.signature import header_names
from ...receiver.answers import VALIDATION, recipient_problem
from .one_signature import (
    FAILED,
    PASSED,
    FindPem,
    SignatureStep,
    StatedSignature,
    fits,
    steps_of,
    with_mistake,
)
from .openssl_commands import commands


@dataclass(frozen=True, slots=True)
class ExplainedSignatures:
    """All steps, and what follows from them.

    ``accepted`` says whether a consumer must accept the delivery. ``key`` is the path of the key
    whose signature fits, empty if none does. ``verdict`` is a sentence. ``openssl`` are commands
    for a shell, empty if there is nothing to verify.
    """

    steps: tuple[SignatureStep, ...]
    accepted: bool
    key: str
    verdict: str
    openssl: str


_RECIPIENT = "The body names the client id for which it is; another one must be refused."


def explain(
    body: bytes,
    headers: Mapping[str, str],
    find_pem: FindPem,
    client_id: str | None = None,
    *,
    key_host: str = "https://static.adobeioevents.com",
    body_url: str = "",
) -> ExplainedSignatures:
    """Return the steps of verifying a delivery. Never fails, whatever its body and headers are.

    ``headers`` are names and values; the case of names does not matter. A key path of another form
    than Adobe's is not looked up. A body must name a recipient; without a ``client_id`` any
    one is right. The commands use ``key_host``, the URL of the key host, and ``body_url``, that of
    the body's download.
    """
    lower = {name.lower(): value for name, value in reversed([*headers.items()])}
    both = [StatedSignature(number, *_said(lower, number)) for number in (1, 2)]
    steps = [step for each in both for step in steps_of(each, body, find_pem)]
    steps = [with_mistake(each, both, body) for each in steps]
    recipient = _recipient(body, client_id)
    fitting = [each for each in both if fits(each, body)]
    accepted = bool(fitting) and recipient.state == PASSED
    return ExplainedSignatures(
        (*steps, recipient),
        accepted,
        fitting[0].path if fitting else "",
        _verdict(body, lower, fitting, recipient),
        commands(body, lower, key_host, body_url),
    )


def _said(headers: Mapping[str, str], number: int) -> tuple[str, str]:
    path_name, signature_name = header_names(number)
    return headers.get(path_name, ""), headers.get(signature_name, "")


def _recipient(body: bytes, client_id: str | None) -> SignatureStep:
    name = "recipient client id"
    try:
        content = parse_text(body.decode("utf-8"))
    except ValueError:
        mistake, remedy = "the body is not JSON in UTF-8", "Refuse it with 400."
        return SignatureStep("recipient", name, FAILED, "", _RECIPIENT, mistake, remedy)
    found = brief(_named(content) or "none")
    problem = recipient_problem(content, client_id, required=True)
    if problem:
        remedy = "Refuse it: it is for another consumer."
        return SignatureStep("recipient", name, FAILED, found, _RECIPIENT, problem, remedy)
    known = "" if client_id is not None else ", compared with none: no client id is known here"
    return SignatureStep("recipient", name, PASSED, found + known, _RECIPIENT)


def _named(content: Any) -> str:
    elements = content if isinstance(content, list) else [content]
    for each in elements:
        for name in RECIPIENT_NAMES:
            if isinstance(each, dict) and name in each:
                return str(each[name])
    return ""


def _verdict(
    body: bytes,
    headers: Mapping[str, str],
    fitting: list[StatedSignature],
    recipient: SignatureStep,
) -> str:
    if not fitting:
        is_unsigned = not any(_said(headers, number)[1] for number in (1, 2))
        if is_unsigned and body.lstrip().startswith(f'{{"{VALIDATION}"'.encode()):
            return "Unsigned, as a validation URL is: open the URL to prove the webhook."
        return "Neither signature fits: a consumer must refuse it."
    if recipient.state == FAILED:
        return "A signature fits, but the recipient is wrong: a consumer must refuse it."
    numbers = " and ".join(str(each.number) for each in fitting)
    verb = "fits" if len(fitting) == 1 else "fit"
    noun = "Signature" if len(fitting) == 1 else "Signatures"
    return f"{noun} {numbers} {verb}: a consumer must accept it."
