"""The signatures of a delivery, verified step by step as a consumer must.

The steps are those of io-events-protocol.md 2.3, in the order of the headers: one signature that
fits is enough, and the recipient must be the consumer itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...core.signature import header_names
from .one_signature import (
    FindPem,
    SignatureStep,
    StatedSignature,
    fits,
    steps_of,
    with_mistake,
)
from .openssl_commands import commands
from .recipient_step import recipient_of
from .signature_verdict import ACCEPT, verdict_of


@dataclass(frozen=True, slots=True)
class ExplainedSignatures:
    """All steps, and what follows from them.

    ``accepted`` says whether a consumer must accept the delivery. ``key`` is the path of the key
    whose signature fits, empty if none does. ``advice`` is what to do in a word or two, ``verdict``
    a sentence. ``openssl`` are commands for a shell, empty if there is nothing to verify.
    """

    steps: tuple[SignatureStep, ...]
    accepted: bool
    key: str
    advice: str
    verdict: str
    openssl: str


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
    recipient = recipient_of(body, client_id)
    fitting = [each for each in both if fits(each, body)]
    verdict = verdict_of(both, fitting, recipient)
    return ExplainedSignatures(
        (*steps, recipient.step),
        verdict.advice == ACCEPT,
        fitting[0].path if fitting else "",
        verdict.advice,
        verdict.sentence,
        commands(body, lower, key_host, body_url),
    )


def _said(headers: Mapping[str, str], number: int) -> tuple[str, str]:
    path_name, signature_name = header_names(number)
    return headers.get(path_name, ""), headers.get(signature_name, "")
