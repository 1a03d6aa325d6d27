"""Each check is proven by a pair: a webhook with a mistake fails it, the correct one passes it."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.checks import catalogue, held, validations

from ..consumers.correct import CorrectConsumer
from ..consumers.wrong_states import MISTAKES
from .consumers import USUAL, candidate, named

OTHERS = (
    *("tampered-body", "unsigned", "foreign-recipient", "raw-body", "empty-batch"),
    *("cloud-events-type", "batch-of-twenty", "duplicate-acknowledged", "late-start"),
    *("failed-runs", "unknown-codes", "zero-counts", "documented-samples", "challenge"),
)
"""Quick checks of all groups; every webhook gets each fourth of them."""

UNASKED: dict[str, Any] = {"processed": None, "state": None}
"""What was processed and what is kept are not asked for, which takes time too."""

FAILS = {
    "verifies-nothing": "tampered-body signatures-invalid signatures-case-flipped "
    "signatures-swapped batch-tampered one-pair-forged cloud-tampered retry-tampered "
    "signatures-reused",
    "keeps-verified-signatures": "signatures-reused",
    "lets-unsigned-in": "unsigned one-pair-forged cloud-tampered",
    "verifies-plain-json-only": "cloud-tampered",
    "trusts-retries": "retry-tampered foreign-key",
    "trusts-code-of-challenge": "challenge-code-forged",
    "lets-second-signature-in": "one-pair-forged",
    "trusts-what-it-cannot-verify": "foreign-key unsigned key-path-suffix key-path-at "
    "key-path-absolute key-path-dots key-path-double-slash one-pair-forged second-key-path "
    "cloud-tampered",
    "tries-every-key": "signatures-swapped",
    "ignores-case-of-base64": "signatures-case-flipped",
    "reads-first-signature-only": "second-signature-alone one-key-garbage one-key-missing",
    "wants-both-signatures": "first-signature-alone second-signature-alone one-key-garbage "
    "one-key-missing",
    "fetches-both-keys-first": "one-key-missing one-key-garbage",
    "gives-up-at-garbage": "one-key-garbage",
    "refuses-without-keys": "key-host-hiccup key-host-down key-host-back",
    "keeps-every-key-answer": "key-error-not-kept key-host-hiccup key-host-back",
    "keeps-no-keys": "keys-kept",
    "waits-for-the-key-host": "key-host-hangs",
    "has-no-patience": "slow-key-host key-host-hiccup key-host-down key-host-back",
    "locks-while-fetching": "slow-key-host-others",
    "keeps-first-keys": "keys-rotated",
    "joins-key-path": "key-path-at key-path-dots second-key-path",
    "keeps-keys-by-name": "key-path-at key-path-dots",
    "resolves-key-path": "key-path-double-slash key-path-absolute key-path-dots second-key-path",
    "looks-at-first-key-path": "second-key-path",
    "splits-pem-at-line-feeds": "key-crlf",
    "wants-uuid-in-key-path": "sound-event",
    "misspells-headers": "sound-event",
    "wants-old-signature": "sound-event",
    "verifies-old-signature": "old-signature-header",
    "verifies-rewritten-json": "raw-body",
    "takes-any-recipient": "foreign-recipient batch-for-another recipient-missing "
    "batch-with-stranger batch-with-stranger-inside recipient-prefix recipient-elsewhere",
    "finds-recipient-anywhere": "recipient-elsewhere",
    "looks-for-recipient-in-text": "recipient-elsewhere recipient-prefix",
    "compares-recipient-if-named": "recipient-missing",
    "looks-for-recipient-in-own-id": "recipient-missing",
    "compares-start-of-recipient": "recipient-prefix",
    "reads-old-recipient-only": "deprecated-names-removed batch-without-old-names",
    "reads-new-recipient-only": "new-names-missing",
    "reads-old-recipient-in-batches": "batch-without-old-names",
    "lets-batches-in": "batch-tampered",
    "takes-any-batch": "batch-for-another batch-with-stranger batch-with-stranger-inside",
    "wants-first-event": "empty-batch",
    "redirects-to-login": "answers",
    "reads-plain-json-only": "cloud-events-type batch-type both-formats content-type-missing "
    "old-cloud-event",
    "refuses-batch-type": "batch-type",
    "wants-one-event": "batch-of-one batch-of-twenty batch-type largest-batch "
    "batch-without-old-names other-root batch-bad-event batch-bad-event-others",
    "takes-ten-events": "batch-of-twenty largest-batch",
    "takes-one-megabyte": "largest-batch",
    "crashes-at-broken-json": "broken-json body-missing",
    "crashes-at-forgeries": "forgery-final",
    "compares-last-recipient": "batch-with-stranger-inside",
    "wakes-up-at-cloud-events": "first-attempt cloud-events-type batch-type both-formats "
    "content-type-missing old-cloud-event",
    "looks-up-whole-batch": "batch-event-twice",
    "looks-up-first-of-batch": "batch-half-known",
    "refuses-whole-batch": "batch-bad-event batch-bad-event-others",
    "stops-at-bad-event": "batch-bad-event-others",
    "compares-first-recipient": "batch-with-stranger batch-with-stranger-inside",
    "drops-retries": "truncated-body key-host-hiccup key-error-not-kept key-host-back late-retry",
    "drops-old-events": "old-event old-cloud-event",
    "refuses-retries": "retries lost-answer truncated-body key-host-hiccup key-host-down "
    "key-host-back late-retry",
    "gives-up-late-retries": "late-retry",
    "refuses-known-events": "duplicate-acknowledged lost-answer retries simultaneous-not-refused",
    "remembers-before-reading": "truncated-body lost-answer retries duplicate-acknowledged "
    "key-host-hiccup key-host-down key-host-back simultaneous-not-refused",
    "reads-stated-length-only": "chunked-body",
    "finds-headers-by-case": "header-case chunked-body",
    "decodes-each-piece": "cut-letters chunked-body",
    "hurries-bodies": "slow-body chunked-body",
    "serves-one-by-one": "slow-sender chunked-body",
    "drops-new-names": "deprecated-names-removed batch-without-old-names",
    "drops-failed-runs": "failed-runs failed-run-state codes-of-2023 documented-samples "
    "failure-codes run-revised-state batch-of-one-run batch-of-codes error-texts end-missing-state "
    "cloud-run-state other-root",
    "drops-other-codes": "failure-codes codes-of-2023",
    "drops-revised-runs": "run-revised run-revised-state repeated-end-state text-times-state "
    "batch-of-one-run end-missing-state",
    "looks-for-validation-word": "word-validation-url",
    "keeps-last-of-run-in-batch": "batch-of-one-run",
    "skips-other-codes-in-batch": "batch-of-codes",
    "crashes-after-the-answer": "failed-runs failed-run-state missing-counts documented-samples "
    "batch-of-one-run batch-of-codes codes-of-2023 run-revised-state end-missing-state",
    "acknowledges-what-it-cannot-read": "key-host-hiccup key-error-not-kept",
    "has-words-of-its-own": "run-state failed-run-state late-start-state older-event-state "
    "partial-ingestion-state run-revised-state text-counts-state times-state "
    "repeated-end-state restart-state text-times-state zero-counts-state activity-counts-state "
    "end-missing-state json-numbers-state large-counts-state two-runs-state cloud-run-state "
    "unknown-counts-state",
    "derives-status-from-errors": "partial-ingestion-state text-counts-state activity-counts-state "
    "json-numbers-state cloud-run-state",
    "counts-no-rejected-records": "partial-ingestion-state text-counts-state activity-counts-state "
    "json-numbers-state cloud-run-state",
    "takes-what-is-missing-for-rejected": "partial-ingestion-state",
    "takes-every-end-for-a-success": "failed-run-state run-revised-state end-missing-state "
    "cloud-run-state",
    "keeps-times-as-they-come": "times-state",
    "keeps-unknown-counts": "unknown-counts-state",
    "keeps-numbers-only": "text-counts-state",
    "keeps-text-as-it-comes": "text-counts-state unknown-counts-state",
    "takes-zero-for-unknown": "zero-counts-state",
    "keeps-what-came-last": "late-start-state older-event-state text-times-state",
    "keeps-the-first-end": "run-revised-state repeated-end-state text-times-state "
    "end-missing-state",
    "keeps-one-end-of-each-status": "repeated-end-state",
    "adds-up-rejected-records": "repeated-end-state",
    "keeps-most-rejected-records": "repeated-end-state",
    "keeps-first-end-time": "repeated-end-state text-times-state",
    "orders-by-end": "end-missing-state",
    "keeps-one-run-of-each-flow": "two-runs-state failed-run-state times-state run-revised-state "
    "activity-counts-state cloud-run-state restart-state text-times-state",
    "counts-first-activity": "activity-counts-state",
    "knows-cloud-events-by-their-first-key": "cloud-run-state",
    "reads-code-in-header": "optional-parts",
    "takes-partial-success-for-failure": "partial-success-state",
    "keeps-integers-only": "json-numbers-state",
    "wraps-large-counts": "large-counts-state",
    "keeps-bytes-as-integers": "large-counts",
    "reads-no-failures-in-cloud-events": "cloud-run-state",
    "reads-metrics-of-alerts": "threshold-alerts",
    "reads-failures-in-arrays-only": "failed-runs other-root",
    "formats-error-texts": "error-texts",
    "keeps-short-error-details": "error-texts",
    "reads-no-times-as-text": "text-times-state",
    "only-acknowledges": "acknowledged-is-processed batch-again batch-each cloud-id duplicate "
    "forgery-first late-duplicate lost-answer-once simultaneous-duplicates burst-processed "
    "batch-bad-event-others batch-event-twice batch-half-known batch-of-one-run batch-of-codes",
    "never-remembers": "duplicate late-duplicate lost-answer-once simultaneous-duplicates "
    "batch-again batch-event-twice batch-half-known",
    "remembers-deliveries": "duplicate late-duplicate lost-answer-once simultaneous-duplicates "
    "batch-again batch-half-known",
    "remembers-cloud-ids": "cloud-id",
    "keeps-cloud-ids-as-uuids": "cloud-id-forms",
    "keeps-event-ids-as-uuids": "event-id-forms",
    "reads-microseconds": "cloud-times",
    "wants-fractions": "cloud-times",
    "wants-zulu": "cloud-times",
    "remembers-few-events": "late-duplicate",
    "remembers-no-batches": "batch-again batch-event-twice batch-half-known",
    "looks-then-writes": "simultaneous-duplicates",
    "breaks-at-repeats-in-batch": "batch-event-twice",
    "leaks-connections": catalogue.LAST,
    "refuses-copies-under-way": "simultaneous-not-refused",
    "takes-first-of-batch": "batch-each batch-again batch-bad-event-others batch-event-twice "
    "batch-half-known batch-of-twenty batch-type largest-batch batch-without-old-names "
    "batch-for-another batch-tampered batch-of-one-run batch-of-codes",
    "forgets-at-restart": "restart-duplicate restart-loss restart-state",
    "forgets-runs-at-restart": "restart-state",
    "loses-queue-at-restart": "restart-loss restart-state",
    "remembers-before-verifying": "forgery-first batch-half-known truncated-body "
    "key-host-hiccup key-error-not-kept key-host-back",
    "refuses-old-events": "old-event old-cloud-event",
    "refuses-old-cloud-events": "old-cloud-event",
    "refuses-late-starts": "late-start",
    "refuses-second-ends": "run-revised",
    "reads-envelopes-only": "both-formats cloud-events-type batch-type old-cloud-event",
    "refuses-unknown-attributes": "extension-attributes largest-batch",
    "refuses-bursts": "burst",
    "loses-under-load": "burst-processed",
    "wants-everything-signed": "challenge validation-post",
    "wants-posts-signed": "validation-post",
    "echoes-in-page": "challenge-form challenge-no-page",
    "echoes-in-page-and-opens-nothing": "challenge challenge-form challenge-no-page",
    "echoes-in-page-only": "challenge challenge-form challenge-no-page validation-post",
    "echoes-first-challenge": "challenge-anew",
    "echoes-once": "challenge-anew",
    "takes-whole-query": "challenge-beside-query",
    "opens-anything": "validation-elsewhere",
    "reads-event-only": "flat-run failed-runs both-formats cloud-events-type batch-type "
    "codes-of-2023 documented-samples batch-bad-event-others failure-codes old-cloud-event "
    "error-texts other-root",
    "knows-codes": "unknown-codes failure-codes codes-of-2023 late-start threshold-alerts",
    "wants-milliseconds": "mixed-time-units documented-samples batch-bad-event-others",
    "wants-numbers-for-times": "times-as-text batch-bad-event-others",
    "wants-numbers-for-counts": "numbers-as-text batch-bad-event-others",
    "adds-failed-records": "numbers-as-text",
    "wants-sizes-beside-records": "missing-counts",
    "wants-positive-counts": "unknown-counts codes-of-2023 documented-samples failed-runs "
    "batch-bad-event-others",
    "divides-by-records": "zero-counts batch-bad-event-others",
    "wants-counts": "missing-counts batch-bad-event-others",
    "wants-end": "missing-times documented-samples late-start failed-runs codes-of-2023 "
    "batch-bad-event-others",
    "wants-update-times": "odd-update-time documented-samples",
    "calls-file-info": "file-info documented-samples batch-bad-event-others",
    "wants-references": "references documented-samples",
    "wants-two-activities": "activities zero-counts optional-parts batch-bad-event-others",
    "wants-success-without-errors": "partial-ingestion error-codes long-texts "
    "batch-bad-event-others",
    "wants-loss-explained": "unexplained-loss batch-bad-event-others",
    "knows-two-statuses": "statuses partial-success unknown-statuses late-start "
    "batch-bad-event-others",
    "knows-published-statuses": "unknown-statuses batch-bad-event-others",
    "knows-form-of-codes": "error-codes batch-bad-event-others",
    "keeps-short-texts": "error-texts long-texts batch-bad-event-others",
    "wants-file-counts-to-agree": "file-counts batch-bad-event-others",
    "forbids-unknown-fields": "unknown-fields",
    "forbids-unknown-fields-of-errors": "unknown-fields",
    "forbids-unknown-fields-of-messages": "unknown-fields",
    "reads-errors-in-order": "member-order",
    "wants-provider-reference": "optional-parts",
    "keeps-flow-ids-as-uuids": "id-forms",
    "knows-statuses-of-flat-runs": "sweep",
    "wants-real-ids": "odd-names batch-bad-event-others",
}
"""Mistake → the checks that it fails, of all there are; some others cannot be judged then."""

LOSES = {
    *("drops-new-names", "drops-failed-runs", "drops-other-codes", "drops-revised-runs"),
    *("crashes-after-the-answer", "acknowledges-what-it-cannot-read", "drops-retries"),
    *("drops-old-events", "only-acknowledges", "takes-first-of-batch", "loses-under-load"),
    *("remembers-before-verifying", "remembers-cloud-ids", "loses-queue-at-restart"),
    "forgets-at-restart",
    "looks-up-first-of-batch",
    "looks-for-validation-word",
    "keeps-last-of-run-in-batch",
    "skips-other-codes-in-batch",
}
"""Mistakes by which events are acknowledged and then lost."""

SHOWS_IN_COUNTS = {"trusts-code-of-challenge"}
"""Mistakes of webhooks whose answer to a forgery is a 2xx that may say nothing."""

ABOUT_MANY = {"burst", "burst-processed", "simultaneous-duplicates", "slow-sender"}
"""Checks about more events at once than other tests measure a webhook with."""

HANGS = "key-host-hangs"
"""The check that takes more than 10 seconds, since Adobe waits so long."""

LOSES_ALL = "only-acknowledges"
"""The mistake by which every event is lost, whatever the check."""


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """These webhooks work before they answer: what is not done then is never done."""
    monkeypatch.setattr(validations, "OPENING", 0.1)
    monkeypatch.setattr(validations, "FOREIGN_OPENING", 0.04)
    monkeypatch.setattr(held, "LATER", (0.01, 0.05))


def marked(mistake: str) -> Any:
    """Return a mistake as a parameter; some show only if many events come at once, or late.

    One mistake in 16 is tried by `make test`, all are by `make test-slow`.
    """
    names = {*FAILS.get(mistake, "").split()}
    many = [pytest.mark.many_at_once] if ABOUT_MANY & names else []
    is_slow = HANGS in names or [*MISTAKES].index(mistake) % 16
    return pytest.param(mistake, marks=[*many, *([pytest.mark.slow] if is_slow else [])])


@pytest.mark.parametrize("mistake", [*map(marked, MISTAKES)])
def test_a_mistake_fails_the_checks_that_are_about_it_and_no_other(mistake: str) -> None:
    expected = {*FAILS[mistake].split()}
    found = [*map(catalogue.find, expected)]
    asks = mistake in LOSES | SHOWS_IN_COUNTS or any(each.needs for each in found)
    options = {**({} if asks else UNASKED), **({"timeout": 10.0} if HANGS in expected else {})}
    others = {*OTHERS[[*MISTAKES].index(mistake) % 4 :: 4]}
    if catalogue.LAST in expected:
        others = {"unsigned", "tampered-body", "foreign-recipient"}  # the three it can refuse
    if any(each.must_for == "batches" for each in found):
        others.add("batch-of-twenty")  # taking it makes a must of the check
    with candidate(MISTAKES[mistake]) as webhook:
        findings = webhook.check(*expected, *others, **options)
    lost = {each.check.name for each in findings.results if each.lost}
    assert bool(lost) is (mistake in LOSES)
    assert named(findings, "failed") == expected | (lost if mistake == LOSES_ALL else set())
    failed = findings.with_state("failed")
    counted = any(each.level == "must" or each.is_grave for each in failed)
    assert findings.ok is not counted


def test_an_address_with_a_token_in_it_is_noted() -> None:
    with candidate(CorrectConsumer) as webhook:
        findings = webhook.check("secret-in-address", url=f"{webhook.running.url}?access_token=1")
    assert named(findings, "failed") == {"secret-in-address"}
    assert findings.ok


@pytest.mark.slow
@pytest.mark.many_at_once
def test_the_correct_webhook_passes_all_checks() -> None:
    with candidate(CorrectConsumer) as webhook:
        findings = webhook.check()
    assert named(findings, "passed") == USUAL
    assert findings.ok
    assert findings.idempotency == "SAFE"


def test_every_check_is_failed_by_a_known_mistake() -> None:
    proven = {name for names in FAILS.values() for name in names.split()}
    assert {*FAILS} == {*MISTAKES}
    assert {*catalogue.names()} - proven == {"secret-in-address"}
