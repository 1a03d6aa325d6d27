"""What faults on the wire change about a delivery: after signing, and in no copy of its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...core.printable import listed
from ...core.shell_words import quoted
from .curl import CurlText
from .known_faults import KnownFault, at_wire
from .rows import DeliveryRow
from .signature_steps import ExplainedSignatures
from .signature_verdict import ACCEPT


def on_wire(
    found: ExplainedSignatures, faults: Sequence[KnownFault], attempt: int
) -> ExplainedSignatures:
    """Return signatures with what faults on the wire make of the verdict about an attempt."""
    acting = [each for each in at_wire(faults) if each.acts_at(attempt)]
    if not acting:
        return found
    note = _after_signing(acting)
    if found.advice != ACCEPT:
        return replace(found, verdict=f"{found.verdict} {note}")
    fit = found.verdict.partition(":")[0]
    is_accepted = all(each.expect == "delivered" for each in acting)
    verdict = f"{fit} the body that was signed. {note} {_shown(acting)}"
    return replace(found, accepted=is_accepted, advice="Fault on the wire", verdict=verdict)


def _after_signing(acting: Sequence[KnownFault]) -> str:
    names = listed([each.name for each in acting])
    fault, verb = ("fault", "acts") if len(acting) == 1 else ("faults", "act")
    return (
        f"The {fault} {names} {verb} on the wire after signing, "
        "so the signatures say nothing about the answer."
    )


def _shown(acting: Sequence[KnownFault]) -> str:
    return " ".join(f"Expected of the webhook: {each.proves}." for each in acting)


def not_repeated(
    found: CurlText, faults: Sequence[KnownFault], row: DeliveryRow, attempt: int, service: str
) -> CurlText:
    """Return a command of curl with what faults on the wire did that it does not repeat.

    ``attempt`` is the one that the command repeats. ``service`` is an option for commands.
    """
    acting = at_wire(faults)
    if not acting:
        return found
    return replace(
        found,
        is_same=not any(each.acts_at(attempt) for each in acting),
        not_repeated=tuple(_not_by_curl(each, attempt) for each in acting),
        repeat=_redelivery(faults, row) + service,
    )


def _not_by_curl(fault: KnownFault, attempt: int) -> str:
    when = "" if fault.acts_at(attempt) else " at earlier attempts"
    return (
        f"The fault {fault.name} acts on the wire{when}: {fault.summary} curl does not repeat "
        "that: it sends the whole body at once, with its right length, and reads the answer."
    )


def _redelivery(faults: Sequence[KnownFault], row: DeliveryRow) -> str:
    """Return the command that delivers the event again, with all faults of this delivery."""
    options = " ".join(each.option for each in faults)
    here = f"--registration {quoted(row.registration_id)}"
    return f"flowsim redeliver {quoted(row.event_id)} {here} {options}"
