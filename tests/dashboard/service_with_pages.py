"""What ``flowsim up`` serves, in this process: the events service with its pages."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Self

from flowsim import EventsService
from flowsim.dashboard import of_service
from flowsim.events_service import local_service


class ServiceWithPages(EventsService):
    """An events service with its pages; ``data`` and ``port`` let another go on with it."""

    def __init__(self, clock: str = "manual", data: Path | None = None, port: int = 0) -> None:
        super().__init__(clock)
        self._options = dataclasses.replace(self._options, data=data, port=port)

    def __enter__(self) -> Self:
        running = local_service.run(self._options, pages=of_service.pages)
        self.local = self._running.enter_context(running)
        self._service = self.local.service
        return self

    @property
    def first_visit(self) -> str:
        """The path with the token, as behind ``dashboard:`` in the ready line."""
        address = of_service.access(self.local.service).address(self.url)
        return address.removeprefix(self.url)
