"""A service on a port of its own that the commands under test call."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from click.testing import Result

from flowsim.events_service import local_service
from flowsim.events_service.local_service import LocalService, LocalServiceOptions
from flowsim.events_service.registrations.model import Registration
from flowsim.events_service.service import Service

from ..events_service.registering import register

Flowsim = Callable[..., Result]


@dataclass(frozen=True)
class Serving:
    """A service that runs, and the command line that calls it."""

    local: LocalService
    flowsim: Flowsim

    @property
    def service(self) -> Service:
        return self.local.service

    def says(self, *words: object, exit_code: int = 0) -> list[str]:
        """Return the lines that a command prints."""
        result = self.flowsim(*words)
        assert (result.exit_code, result.stderr) == (exit_code, "")
        return result.stdout.splitlines()

    def refuses(self, *words: object) -> str:
        """Return why a command cannot run."""
        result = self.flowsim(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        return result.stderr

    def register(self, name: str = "mine", **options: object) -> Registration:
        """Write a registration for flow runs, without a challenge."""
        return register(self.service, name, **options)  # type: ignore[arg-type]


@pytest.fixture
def serving(flowsim: Flowsim) -> Iterator[Serving]:
    """A service in memory with a manual clock."""
    with (
        local_service.run(LocalServiceOptions(clock="manual")) as local,
        patch.dict(os.environ, FLOWSIM_SERVICE=local.url),
    ):
        yield Serving(local, flowsim)
