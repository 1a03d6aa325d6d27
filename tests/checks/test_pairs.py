"""Each check is proven by a pair: a webhook with that mistake fails it, the sound one does not."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim import checks

from ..consumers.mistakes import MISTAKES
from ..consumers.sound import Sound
from .consumers import candidate, named

SLOW = {"slow-key-host"}
"""Checks that take real time: they are made only of webhooks that are to fail them."""

UNASKED: dict[str, Any] = {"processed": None}
"""Nobody is asked what the webhook did, which takes time too."""

FAILS = {
    "verifies-nothing": "tampered-body batch-tampered signatures-invalid signatures-case-flipped "
    "signatures-swapped",
    "lets-unsigned-in": "unsigned",
    "trusts-what-it-cannot-verify": "foreign-key unsigned key-path-suffix key-path-at "
    "key-path-absolute key-path-dots key-path-double-slash",
    "tries-every-key": "signatures-swapped",
    "ignores-case-of-base64": "signatures-case-flipped",
    "reads-first-signature-only": "second-signature-alone one-key-garbage one-key-missing",
    "wants-both-signatures": "first-signature-alone second-signature-alone one-key-garbage "
    "one-key-missing",
    "fetches-both-keys-first": "one-key-missing one-key-garbage",
    "gives-up-at-garbage": "one-key-garbage",
    "refuses-without-keys": "key-host-hiccup",
    "keeps-whatever-came": "key-error-not-kept key-host-hiccup",
    "keeps-no-keys": "keys-kept",
    "has-no-patience": "slow-key-host key-host-hiccup",
    "keeps-first-keys": "keys-rotated",
    "joins-key-path": "key-path-at key-path-dots",
    "resolves-key-path": "key-path-double-slash key-path-absolute key-path-dots",
    "splits-pem-at-line-feeds": "key-crlf",
    "wants-uuid-in-key-path": "sound-event",
    "misspells-headers": "sound-event",
    "wants-old-signature": "sound-event",
    "verifies-old-signature": "old-signature-header",
    "verifies-rewritten-json": "raw-body",
    "takes-any-recipient": "foreign-recipient batch-for-another recipient-missing",
    "compares-recipient-if-named": "recipient-missing",
    "reads-old-recipient-only": "deprecated-names-removed batch-without-old-names",
    "reads-new-recipient-only": "new-names-missing",
    "reads-old-recipient-in-batches": "batch-without-old-names",
    "lets-batches-in": "batch-tampered",
    "takes-any-batch": "batch-for-another",
    "wants-first-event": "empty-batch",
}
"""Mistake → the checks that it fails, of all that belong to the groups of these."""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_fails_the_checks_that_are_about_it_and_no_other(mistake: str) -> None:
    expected = {*FAILS[mistake].split()}
    groups = {checks.find(name).group for name in expected}
    options = {} if any(checks.find(name).needs_effects for name in expected) else UNASKED
    with candidate(MISTAKES[mistake]) as webhook:
        findings = webhook.check(*groups, skip=[*(SLOW - expected)], **options)
    assert named(findings, "failed") == expected
    counted = any(checks.find(name).level == "must" for name in expected)
    assert findings.ok is not counted


def test_the_sound_webhook_passes_all_checks() -> None:
    with candidate(Sound) as webhook:
        findings = webhook.check()
    assert named(findings, "passed") == {*checks.names()}
    assert findings.ok


def test_there_is_a_mistake_for_every_check_and_a_line_for_every_mistake() -> None:
    proven = {name for names in FAILS.values() for name in names.split()}
    assert {*FAILS} == {*MISTAKES}
    assert {*checks.names()} - proven == {"header-case", "answers"}
