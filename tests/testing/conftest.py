"""The fixture ``flowsim`` as a consumer's tests have it; here that name is the command line's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from flowsim.checks import pace, settling
from flowsim.installation.settings import keys_folder
from flowsim.testing.choices import Choices
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.public_keys import PublicKeys
from flowsim.testing.report import ReplayReport


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """The consumer's own, in memory."""
    with closing(sqlite3.connect(":memory:")) as opened:
        yield opened


@pytest.fixture
def works_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a short time for work after the answer, and measure with few events at once.

    The consumers of a test do all before they answer.
    """
    monkeypatch.setattr(pace, "AT_ONCE", 5)
    monkeypatch.setattr(settling, "SETTLE", 0.2)
    monkeypatch.setattr(settling, "QUIET", 0.05)
    monkeypatch.setattr(settling, "POLL_INTERVAL", 0.02)


@pytest.fixture
def keys() -> Iterator[PublicKeys]:
    with closing(PublicKeys(keys_folder())) as found:
        yield found


@pytest.fixture
def reports() -> list[ReplayReport]:
    """Every replay of a test."""
    return []


@pytest.fixture
def choosing(keys: PublicKeys, reports: list[ReplayReport]) -> Callable[..., Flowsim]:
    """Return the fixture's value where a project has made these choices."""

    def make(**choices: Any) -> Flowsim:
        return Flowsim(Choices(**choices), keys, on_replay=reports.append)

    return make


@pytest.fixture
def sender(choosing: Callable[..., Flowsim]) -> Flowsim:
    """The fixture's value where a project has chosen nothing."""
    return choosing()
