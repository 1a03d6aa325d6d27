"""Webhooks that do right in another way than the correct one: nothing is held against them."""

from __future__ import annotations

import itertools
import threading
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from flowsim.checks import held

from ..consumers.correct import CorrectConsumer, KeyUnavailableError, RefusedError, Request
from .consumers import candidate, named


class WaitsBeforeItAsksAgain(CorrectConsumer):
    """A key that could not be had is not asked for again at once."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.failed: dict[str, float] = {}

    def key(self, path: str) -> RSAPublicKey:
        if time.monotonic() < self.failed.get(path, 0.0):
            raise KeyUnavailableError
        try:
            return super().key(path)
        except KeyUnavailableError:
            self.failed[path] = time.monotonic() + 0.1
            raise


class ManyProcesses(CorrectConsumer):
    """Each of twelve processes keeps keys of its own."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.stores = itertools.cycle([{} for _ in range(12)])

    def admit(self, request: Request) -> None:
        with self.lock:
            self.keys = next(self.stores)
        super().admit(request)


class IsLimited(CorrectConsumer):
    """After the first event there are too many, so all later events are refused for now."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.seen: set[str] = set()

    def admit(self, request: Request) -> None:
        self.seen.add(request.headers["x-adobe-event-id"])
        if len(self.seen) > 1:
            raise RefusedError(429, "busy")
        super().admit(request)


class PutsOffBursts(CorrectConsumer):
    """What is too much now is welcome later."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.under_way = threading.BoundedSemaphore(4)

    def admit(self, request: Request) -> None:
        if not self.under_way.acquire(blocking=False):
            raise RefusedError(503, "busy")
        try:
            super().admit(request)
        finally:
            self.under_way.release()


def test_a_webhook_may_wait_before_it_asks_for_a_key_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(held, "LATER", (0.0, 0.2))
    with candidate(WaitsBeforeItAsksAgain) as webhook:
        findings = webhook.check(
            "key-error-not-kept", "key-host-back", "key-host-hiccup", "slow-key-host"
        )
    assert len(named(findings, "passed")) == 5


def test_many_processes_may_fetch_each_key_once() -> None:
    with candidate(ManyProcesses) as webhook:
        findings = webhook.check("keys-kept")
    assert named(findings, "failed") == set()


def test_a_webhook_with_a_request_limit_is_not_judged() -> None:
    with candidate(IsLimited) as webhook:
        findings = webhook.check("unsigned", "tampered-body", "header-case", "forgery-final")
    assert named(findings, "passed") == {"answers"}
    assert named(findings, "failed") == set()
    assert "the webhook answers 429" in findings.results[1].verdict.note


@pytest.mark.many_at_once
def test_putting_a_burst_off_is_no_refusal() -> None:
    with candidate(PutsOffBursts) as webhook:
        findings = webhook.check("burst", "burst-processed")
    assert named(findings, "failed") == set()
    assert findings.ok
