"""A *should* becomes a *must* for webhooks that have shown that they use the thing."""

from __future__ import annotations

import pytest

from flowsim.checks import catalogue
from flowsim.reports.check_words import level_of

from ..consumers.strict_runs import MISTAKES
from .consumers import candidate, result


@pytest.mark.parametrize(
    ("mistake", "check", "others", "since"),
    [
        ("takes-ten-events", "batch-of-twenty", ["batch-of-one", "batch-tampered"], "batches"),
        ("takes-one-megabyte", "largest-batch", ["batch-of-twenty"], "batches"),
        (
            "reads-old-recipient-in-batches",
            "batch-without-old-names",
            ["batch-of-twenty"],
            "batches",
        ),
        (
            "refuses-unknown-attributes",
            "extension-attributes",
            ["cloud-events-type"],
            "cloud_events",
        ),
        ("refuses-without-keys", "key-host-down", ["sound-event"], "key_host"),
    ],
)
def test_a_mistake_counts_where_the_webhook_uses_the_thing(
    mistake: str, check: str, others: list[str], since: str
) -> None:
    assert (catalogue.find(check).level, catalogue.find(check).must_for) == ("should", since)
    with candidate(MISTAKES[mistake]) as webhook:
        findings = webhook.check(check, *others, processed=None)
    found = result(findings, check)
    assert (found.verdict.state, found.level) == ("failed", "must")
    assert level_of(found).startswith("must, since the webhook ")
    assert (findings.verdict, findings.exit_code) == ("not ok", 1)


def test_batches_are_no_must_for_a_webhook_that_takes_none() -> None:
    with candidate(MISTAKES["wants-one-event"]) as webhook:
        findings = webhook.check("sound-event", "batch-of-twenty", "batch-without-old-names")
    assert [each.level for each in findings.with_state("failed")] == ["should", "should"]
    assert findings.verdict == "ok; 2 of level should failed"


def test_a_batch_that_is_acknowledged_and_ignored_always_counts() -> None:
    with candidate(MISTAKES["takes-first-of-batch"]) as webhook:
        findings = webhook.check("batch-each")
    found = result(findings, "batch-each")
    assert found.is_grave
    assert findings.exit_code == 1
