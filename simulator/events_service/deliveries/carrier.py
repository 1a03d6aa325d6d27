"""Delivers what the service has on its agenda, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from ...core.trace import Trace
from ...delivery.dispatcher import DeliveryOptions, Dispatcher
from ...delivery.http_transport import HttpTransport
from ...delivery.signers import Signer
from ...installation.keys import KeyPair
from ...runtime import system_limits
from ...runtime.clock import Clock
from ...runtime.event_loop import Background
from ..registrations.status import Statuses
from ..service import Service
from .agenda import Bounds, StoreAgenda, Timer
from .loading import Loading
from .notifier import Bell
from .recording import Recorder
from .retention import Retention

CONCURRENCY = 256
"""How many attempts are under way at once, if so many files may be open; ``Bounds`` leaves some
to registrations that have none."""


class Carrier:
    """Carries deliveries until ``close``; ``on_trace`` is told of each attempt as it ends."""

    def __init__(
        self,
        service: Service,
        clock: Clock,
        pair: KeyPair,
        bell: Bell,
        *,
        timers: Sequence[Timer] = (),
        on_trace: Callable[[Trace], None] = lambda _: None,
    ) -> None:
        self._service = service
        self._clock = clock
        self._pair = pair
        self._bell = bell
        self._timers = timers
        self._on_trace = on_trace
        self._concurrency = min(CONCURRENCY, max(2, system_limits.open_files() // 4))
        self._thread = Background("carrier", self._work)

    def __enter__(self) -> Carrier:
        self._thread.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.__exit__()

    @property
    def problem(self) -> BaseException | None:
        """What ended the work too early, if anything did."""
        return self._thread.problem

    async def _work(self, started: Callable[[], None]) -> None:
        service = self._service
        transport = HttpTransport(
            timeout=service.attempt_limit.seconds,
            connections=self._concurrency,
            tls=service.tls,
            resolve=service.targets.resolve,
        )
        async with transport, Signer(self._pair) as signer:
            await self._carry(transport, signer, started)

    async def _carry(
        self, transport: HttpTransport, signer: Signer, started: Callable[[], None]
    ) -> None:
        service = self._service
        statuses = Statuses(service.database, service.directory, self._bell.ring, service.note)
        timers: tuple[Timer, ...] = (
            statuses,
            Retention(service.database, self._clock.now()),
            *self._timers,
        )
        recorder = Recorder(service.database, service.directory, statuses, self._clock)
        loading = Loading(service, signer, recorder.abandon)
        agenda = recorder.agenda = StoreAgenda(
            *(service.database, service.directory, loading, self._clock, timers, recorder.settle),
            Bounds.of(self._concurrency),
        )

        def ended(trace: Trace) -> None:
            recorder.record(trace)
            if trace.ending != "retry":
                loading.forget(trace.attempt.delivery.number)
            self._on_trace(trace)

        options = DeliveryOptions(concurrency=self._concurrency)
        dispatcher = Dispatcher(transport, self._clock, service.chance, options, ended)

        def look_again() -> None:
            transport.limit(service.attempt_limit.seconds)
            agenda.look_again()
            dispatcher.look_again()

        self._bell.attach(asyncio.get_running_loop(), look_again)
        started()
        try:
            await dispatcher.carry(agenda)
        finally:
            self._bell.detach()
            recorder.settle()
