"""Delivers what is on the agenda, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from functools import partial

from ...core.trace import Trace
from ...core.wire import Wire
from ...delivery.dispatcher import DeliveryOptions, Dispatcher
from ...delivery.http_transport import HttpTransport
from ...delivery.release import Release
from ...delivery.signers import Signer
from ...delivery.transport import Transport
from ...installation.keys import KeyPair
from ...runtime import system_limits
from ...runtime.clock import Clock
from ...runtime.event_loop import Background
from ..registrations.status import Statuses
from ..service import Service
from .agenda import Bounds, StoreAgenda, Timer
from .loading import Loading
from .recording import Recorder, Retention

CONCURRENCY = 256
"""How many attempts are under way at most, and fewer if fewer files may be open."""


class Notifier:
    """Lets any thread cause a call on an event loop; many notices in a row cause one call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._call: Callable[[], None] = lambda: None
        self._is_noted = False

    def attach(self, loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
        """Call this on the event loop after each ``notify`` from now on, and once at first."""
        with self._lock:
            self._loop, self._call, self._is_noted = loop, call, False
        self.notify()

    def detach(self) -> None:
        """Call nothing any more."""
        with self._lock:
            self._loop = None

    def notify(self) -> None:
        """Cause a call, unless one is coming already."""
        with self._lock:
            if self._loop is None or self._is_noted:
                return
            self._is_noted = True
            self._loop.call_soon_threadsafe(self._notified)

    def _notified(self) -> None:
        with self._lock:
            self._is_noted = False
        self._call()


class DeliveryThread:
    """Sends deliveries until its block ends; ``on_trace`` gets each attempt as it ends."""

    def __init__(
        self,
        service: Service,
        clock: Clock,
        pair: KeyPair,
        notifier: Notifier,
        *,
        timers: Sequence[Timer] = (),
        on_trace: Callable[[Trace], None] = lambda _: None,
    ) -> None:
        self._service = service
        self._clock = clock
        self._pair = pair
        self._notifier = notifier
        self._timers = timers
        self._on_trace = on_trace
        self._concurrency = min(CONCURRENCY, max(2, system_limits.open_files() // 4))
        self._thread = Background("deliveries", self._work)

    def __enter__(self) -> DeliveryThread:
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
            await self._deliver(transport, signer, started)

    async def _deliver(
        self, transport: HttpTransport, signer: Signer, started: Callable[[], None]
    ) -> None:
        service, (agenda, loading, recorder) = self._service, self._line(signer)

        def ended(trace: Trace) -> None:
            number = trace.attempt.delivery.number
            recorder.record(agenda.under_way[number], trace)
            if trace.ending != "retry":
                loading.forget(number)
            self._on_trace(trace)

        options = DeliveryOptions(concurrency=self._concurrency)
        dispatcher = Dispatcher(
            *(transport, self._clock, service.chance, options, ended), wired=self._raw_transport
        )

        def look_again() -> None:
            transport.limit(service.attempt_limit.seconds)
            agenda.look_again()
            dispatcher.look_again()

        self._notifier.attach(asyncio.get_running_loop(), look_again)
        started()
        try:
            await dispatcher.deliver_all(agenda)
        finally:
            self._notifier.detach()
            recorder.settle()

    def _raw_transport(self, wire: Wire, release: Release | None) -> Transport:
        """Return a transport for one attempt that a fault does not write as HTTP."""
        from ...delivery.raw_transport import RawTransport

        service = self._service
        return RawTransport(
            *(wire, release),
            timeout=service.attempt_limit.seconds,
            tls=service.tls,
            resolve=service.targets.resolve,
        )

    def _line(self, signer: Signer) -> tuple[StoreAgenda, Loading, Recorder]:
        """Make what is on the line of an attempt, see the docstring of this folder."""
        service, database = self._service, self._service.database
        directory = service.directory
        statuses = Statuses(database, directory, self._notifier.notify, service.note)
        retention = Retention(database, self._clock.now())
        recorder = Recorder(database, directory, statuses, self._clock)
        loading = Loading(service, signer, partial(recorder.record, trace=None))
        timers: tuple[Timer, ...] = (statuses, retention, *self._timers)
        agenda = StoreAgenda(
            *(database, directory, loading.load, self._clock, timers, recorder.settle),
            Bounds.of(self._concurrency),
        )
        return agenda, loading, recorder
