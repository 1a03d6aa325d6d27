"""What the tests of a run of checks share: a correct webhook, and an answer that does not come."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from flowsim.checks import pace, settling

from ..consumers.correct import CorrectConsumer
from ..webhook import Answer
from .consumers import Candidate, candidate

FEW = 5
"""Events at the same moment with which a webhook is measured where a test is not about many."""


@pytest.fixture(autouse=True)
def few_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure a webhook with few events, unless a test has the mark ``many_at_once``.

    Most of the time of a small run goes into the usual twenty, which are signed and sent.
    """
    if request.node.get_closest_marker("many_at_once") is None:
        monkeypatch.setattr(pace, "AT_ONCE", FEW)


@pytest.fixture(autouse=True)
def often_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask a webhook often what it has done: it is a part of this process, or on this machine."""
    monkeypatch.setattr(settling, "POLL_INTERVAL", 0.02)


@pytest.fixture(scope="module")
def correct() -> Iterator[Candidate]:
    with candidate(CorrectConsumer) as running:
        yield running


@pytest.fixture
def never() -> Iterator[Answer]:
    """An answer that does not come before the test is over."""
    over = threading.Event()

    def wait(_: object) -> Iterator[bytes]:
        over.wait(5)
        yield from ()

    yield wait
    over.set()
