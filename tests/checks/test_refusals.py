"""A check whose event was refused: it fails only if no other check is about the refusal."""

from __future__ import annotations

import pytest

from ..consumers.mistakes import MISTAKES
from .consumers import candidate, named


@pytest.mark.parametrize(
    ("mistake", "sent", "failed", "unjudged"),
    [
        ("breaks-at-repeats-in-batch", "batch-again batch-event-twice", "batch-event-twice", ""),
        ("refuses-retries", "retries lost-answer-once", "retries", "lost-answer-once"),
        ("refuses-retries", "lost-answer-once duplicate", "lost-answer-once", ""),
    ],
)
def test_a_must_fails_for_a_refusal_that_no_other_check_shows(
    mistake: str, sent: str, failed: str, unjudged: str
) -> None:
    """Otherwise it is not judged, and the refusal is the reason."""
    with candidate(MISTAKES[mistake]) as webhook:
        findings = webhook.check("batch-of-twenty", *sent.split())
    assert named(findings, "failed") == {*failed.split()}
    assert named(findings, "not judged") == {*unjudged.split()}
    for each in findings.results:
        if each.verdict.state == "failed":
            assert each.verdict.exchange is not None
            assert not each.verdict.exchange.is_accepted
