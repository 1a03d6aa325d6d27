"""What the tests of a run of checks share: a correct webhook, and an answer that does not come."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ..consumers.correct import CorrectConsumer
from ..webhook import Answer
from .consumers import Candidate, candidate


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
