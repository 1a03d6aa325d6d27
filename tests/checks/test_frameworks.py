"""The verdicts on webhooks in other frameworks than the mistakes are shown in, as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsim.checks import catalogue, held
from flowsim.checks.findings import Findings
from flowsim.checks.options import CheckOptions, over_http
from flowsim.checks.run import run
from flowsim.installation.key_sources import find_key
from flowsim.receiver.application import create
from flowsim.receiver.stub import ReceiverOptions, ReceivingStub
from flowsim.web.server import Server

from ..consumers import fastapi_app
from ..consumers.correct import CorrectConsumer
from ..consumers.express_app import Express
from ..free_ports import free_port
from .consumers import CLIENT_ID, USUAL, candidate, named, shortened

pytestmark = pytest.mark.many_at_once

ARRAYS = {
    *("batch-of-one", "batch-of-twenty", "batch-type", "batch-without-old-names", "largest-batch"),
    *("codes-of-2023", "documented-samples", "failed-runs", "failure-codes", "other-root"),
    *("batch-bad-event", "batch-bad-event-others", "error-texts"),
}
"""The SDK reads the recipient of one event, and refuses all that is in an array (2.4)."""

OLD_NAMES = {"deprecated-names-removed"}
"""It knows recipient_client_id only, which Adobe has announced to remove."""

KEY_PATHS = {"key-path-at", "key-path-dots"}
"""It puts the key path behind the host as text, and fetches the result."""

ERROR_PAGES = {
    "key-error-not-kept",
    "key-host-back",
    "key-host-down",
    "key-host-hiccup",
    "one-key-garbage",
    "one-key-missing",
}
"""It takes any answer for the key, keeps it for a day, and gives up at the first it cannot read."""

UNPROVEN = {
    *("batch-again", "batch-each", "batch-event-twice", "batch-for-another", "batch-half-known"),
    *("batch-of-codes", "batch-of-one-run", "batch-tampered"),
}
"""What cannot be judged of a webhook that refuses every batch."""

UNASKED = {name for name in catalogue.names() if {"state", "restart"} & catalogue.find(name).needs}
"""What is only judged if the state of runs is asked for, or the webhook is restarted."""


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of these webhooks lets time pass before it asks for a key again."""
    monkeypatch.setattr(held, "LATER", (0.01, 0.05))


@pytest.fixture(autouse=True)
def fewer_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each check is sent, with fewer events of a kind; ``test_pairs`` sends all of them."""
    monkeypatch.setattr(catalogue, "find", shortened(catalogue.find))


FASTAPI = (
    *("sound-event", "unsigned", "tampered-body", "foreign-recipient", "raw-body", "header-case"),
    *("chunked-body", "cut-letters", "slow-sender", "challenge-form", "batch-each", "duplicate"),
    *("simultaneous-duplicates", "burst", "run-state"),
)
"""Checks of what a framework does itself: headers, bodies, batches, and many requests at once."""


def test_the_correct_webhook_in_fastapi_passes_checks_of_each_kind() -> None:
    with candidate(CorrectConsumer, fastapi_app.running) as webhook:
        findings = webhook.check(*FASTAPI)
    assert named(findings, "passed") == {"answers", *FASTAPI}


@pytest.mark.slow
def test_the_correct_webhook_in_fastapi_passes_all_checks() -> None:
    with candidate(CorrectConsumer, fastapi_app.running) as webhook:
        findings = webhook.check()
    assert named(findings, "passed") == USUAL
    assert findings.ok
    assert findings.idempotency == "SAFE"


def express_checked(node: Path, *only: str) -> Findings:
    """Check the webhook in Express, whose state is not asked for, and which is not restarted."""
    express = Express(node, CLIENT_ID, free_port(), free_port(), free_port())
    url, processed = f"{express.origin}/hook", f"{express.origin}/processed/{{event_id}}"
    options = CheckOptions(
        *(url, CLIENT_ID, only),
        processed=processed,
        settle=0.1,  # it works before it answers
        keys_port=express.keys_port,
        tls_port=express.tls_port,
    )
    with express.running():
        return run(options, over_http(url, timeout=30.0, wait=30.0))


@pytest.mark.slow
def test_express_fails_what_the_sdk_of_adobe_gets_wrong_about_keys_and_arrays(node: Path) -> None:
    right = ("tampered-body", "foreign-recipient", "duplicate", "cloud-events-type")
    findings = express_checked(node, *right, *OLD_NAMES, *KEY_PATHS, "batch-of-one", "batch-each")
    assert named(findings, "passed") == {"answers", *right}
    assert named(findings, "failed") == {"batch-of-one"} | OLD_NAMES | KEY_PATHS
    assert named(findings, "not judged") == {"batch-each"}


@pytest.mark.slow
def test_express_fails_only_what_the_sdk_of_adobe_gets_wrong(node: Path) -> None:
    findings = express_checked(node)
    assert named(findings, "failed") == ARRAYS | OLD_NAMES | KEY_PATHS | ERROR_PAGES
    assert named(findings, "not judged") == UNPROVEN | UNASKED
    assert not findings.ok
    assert findings.idempotency == "SAFE"


@pytest.mark.slow
def test_the_receiver_of_flowsim_passes_all_checks_without_effects() -> None:
    port = free_port()
    receiver = ReceivingStub(find_key(f"http://127.0.0.1:{port}"), ReceiverOptions(CLIENT_ID))
    with Server(create(receiver), "127.0.0.1", 0, threads=24) as server:
        url = f"http://127.0.0.1:{server.port}/"
        findings = run(CheckOptions(url, CLIENT_ID, keys_port=port), over_http(url, timeout=30.0))
    assert named(findings, "failed") == set()
    assert named(findings, "not judged") == {
        each.check.name for each in findings.results if each.check.needs
    }
