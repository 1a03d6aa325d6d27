"""What ``flowsim up`` serves, in this process: the events service with its pages."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

from bench.pages import deliver
from bench.stored import fill
from flowsim import EventsService
from flowsim.core.instant import to_ms
from flowsim.dashboard import service_dashboard
from flowsim.events_service import local_service
from flowsim.events_service.opening import FILE

P = ParamSpec("P")
R = TypeVar("R")


def _in_a_thread(method: Callable[P, R]) -> Callable[P, R]:
    """Return a method that runs in a thread of its own.

    It may run an event loop, and in the thread of a test that uses the browser one is running.
    """

    @wraps(method)
    def call(*arguments: P.args, **options: P.kwargs) -> R:
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(method, *arguments, **options).result()

    return call


class ServiceWithPages(EventsService):
    """An events service with its pages; ``data`` and ``port`` let another go on with it.

    ``scenarios`` is a folder of scenarios of the user.
    """

    register = _in_a_thread(EventsService.register)
    trigger = _in_a_thread(EventsService.trigger)
    advance = _in_a_thread(EventsService.advance)

    def __init__(
        self,
        clock: str = "manual",
        data: Path | None = None,
        port: int = 0,
        *,
        strict: bool = False,
        scenarios: Path | None = None,
    ) -> None:
        super().__init__(clock)
        self._scenarios = scenarios
        options = dataclasses.replace(self._options.service, strict=strict)
        self._options = dataclasses.replace(self._options, data=data, port=port, service=options)

    def __enter__(self) -> Self:
        pages = partial(service_dashboard.pages, scenario_folder=self._scenarios)
        running = local_service.run(self._options, pages=pages)
        self.local = self._running.enter_context(running)
        self._service = self.local.service
        return self

    @property
    def first_visit(self) -> str:
        """The path with the token, as behind ``dashboard:`` in the ready line."""
        address = service_dashboard.access(self.local.service).address(self.url)
        return address.removeprefix(self.url)


@contextlib.contextmanager
def with_deliveries(data: Path, hook: str, count: int) -> Iterator[ServiceWithPages]:
    """Yield a service in whose folder so many deliveries to one webhook are stored already."""
    with ServiceWithPages(data=data) as empty:
        empty.register(hook)
        now = to_ms(empty.now)
    fill(data / FILE, count, now)
    deliver(data / FILE)
    with ServiceWithPages(data=data) as service:
        yield service
