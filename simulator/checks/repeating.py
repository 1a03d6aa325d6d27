"""The command that sends once more what a check sent: the line ``again`` of a report."""

from __future__ import annotations

from ..core.shell_words import quoted
from ..core.targets import shortened
from ..core.trace import is_accepted
from ..families.registry import FAULTS
from .findings import CheckResult, Findings

OF_DATA = {
    *("processed", "processed_command", "state", "state_command"),
    *("settle", "ignores", "restart"),
}
"""Options that a check needs which judges what the webhook did."""


def command_of(findings: Findings, result: CheckResult) -> str:
    """Return a shell command that sends once more what a check sent, with new ids."""
    asks = _asks_for_data(result)
    given = [
        words
        for name, words in findings.options.items()
        if (asks or name not in OF_DATA) and (result.check.file or name != "own")
    ]
    words = [f"--again {result.check.name}", f"--seed {findings.seed}", *given]
    return f"flowsim check {quoted(shortened(findings.url))} {' '.join(words)}"


def _asks_for_data(result: CheckResult) -> bool:
    """Return whether the verdict depends on what the webhook did with the events.

    An event to refuse may be acknowledged and left alone: one that expects a refusal, or that has a
    fault for which a correct webhook refuses it.
    """
    sent = [event for exchange in result.exchanges for event in exchange.events]
    expected = {event.expect for event in sent}
    expected |= {FAULTS[fault.name].expect for event in sent for fault in event.faults}
    return bool(result.check.needs or result.lost or not all(map(is_accepted, expected)))
