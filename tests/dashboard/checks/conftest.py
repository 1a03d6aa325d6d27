"""A service with its pages, and a correct webhook that fetches keys from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowsim.checks import pace, settling
from flowsim.events_service.local_service import LocalService, LocalServiceOptions
from flowsim.events_service.registrations.model import Registration

from ...consumers.app import Running, running
from ...consumers.correct import CorrectConsumer
from ...events_service.running import register

MANUAL = LocalServiceOptions(clock="manual")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure a webhook with few events, and ask often what it has done."""
    monkeypatch.setattr(pace, "AT_ONCE", 5)
    monkeypatch.setattr(settling, "POLL_INTERVAL", 0.02)


@pytest.fixture
def correct(local: LocalService) -> Iterator[Running]:
    """A webhook that takes the service for the key host."""
    consumer = CorrectConsumer(local.service.installation.client_id, local.url)
    with running(consumer) as started:
        yield started


@pytest.fixture
def orders(local: LocalService, correct: Running) -> Registration:
    return register(local.service, correct.url, name="orders")
