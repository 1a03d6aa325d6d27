"""What follows from the signatures and the recipient of a delivery: a verdict in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .one_signature import StatedSignature
from .recipient_step import FoundRecipient

ACCEPT, REFUSE = "Accept", "Refuse"


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """What a consumer must do, in a word or two, and a sentence that says why."""

    advice: str
    sentence: str


def verdict_of(
    both: Sequence[StatedSignature],
    fitting: Sequence[StatedSignature],
    recipient: FoundRecipient,
) -> SignatureVerdict:
    """Return the verdict; ``fitting`` are those of ``both`` signatures that fit the body."""
    if recipient.is_validation and not any(each.text for each in both):
        sentence = "Unsigned, as a validation URL is: open the URL to prove the webhook."
        return SignatureVerdict("Validation URL", sentence)
    if not fitting:
        return _without_signature(both, recipient)
    if recipient.problem:
        return SignatureVerdict(REFUSE, f"A signature fits, but {_refused(recipient)}")
    if recipient.is_empty:
        rest = "answer 2xx or 400, so that it does not come again."
        return SignatureVerdict("No event", f"A signature fits, but the array has no event: {rest}")
    return SignatureVerdict(ACCEPT, f"{_fit(fitting)}: a consumer must accept it.")


def _without_signature(
    both: Sequence[StatedSignature], recipient: FoundRecipient
) -> SignatureVerdict:
    """Return the verdict about a delivery of which no signature is known to fit."""
    if not any(each.text for each in both):
        return SignatureVerdict(REFUSE, "There is no signature: a consumer must refuse it.")
    hindrance = next((each.hindrance for each in both if each.hindrance), "")
    if not hindrance:
        return SignatureVerdict(REFUSE, "Neither signature fits: a consumer must refuse it.")
    if recipient.problem:
        return SignatureVerdict(REFUSE, f"No signature can be verified, but {_refused(recipient)}")
    rest = "answer 503, and the event comes again."
    return SignatureVerdict("Put off", f"No signature can be verified, for {hindrance}: {rest}")


def _refused(recipient: FoundRecipient) -> str:
    answer = f" with {recipient.status}" if recipient.status else ""
    return f"{recipient.problem}: a consumer must refuse it{answer}."


def _fit(fitting: Sequence[StatedSignature]) -> str:
    numbers = " and ".join(str(each.number) for each in fitting)
    return f"Signature {numbers} fits" if len(fitting) == 1 else f"Signatures {numbers} fit"
