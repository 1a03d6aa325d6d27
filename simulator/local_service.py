"""The events service on a port of this machine: store, clock, carrier and web server."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import keys, settings
from .clock import Clock
from .core.trace import Trace
from .service.bell import Bell
from .service.carrier import Carrier
from .service.opening import make_clock, open_database, open_service
from .service.service import Manner, Service


@dataclass(frozen=True, slots=True)
class Options:
    """How the service runs; without ``data`` it remembers nothing beyond its end.

    ``port`` 0 takes a free one; ``clock`` is ``real``, ``manual`` or a speed such as ``60x``.
    """

    host: str = "127.0.0.1"
    port: int = 0
    data: Path | None = None
    clock: str = "real"
    manner: Manner = field(default_factory=Manner)


@dataclass(frozen=True, slots=True)
class LocalService:
    """A service that runs."""

    service: Service
    clock: Clock
    carrier: Carrier
    url: str


@contextlib.contextmanager
def run(
    options: Options, on_trace: Callable[[Trace], None] = lambda _: None
) -> Iterator[LocalService]:
    """Yield a running service, ready to be used; it ends with the block.

    ``on_trace`` is told of each attempt, in the carrier's thread. Raises ``SettingError`` if
    the port cannot be had, ``StoreError`` if the data folder cannot.
    """
    from .web import events_service
    from .web.server import Server

    bell, folder = Bell(), settings.keys_folder()
    with open_database(options.data) as database:
        clock = make_clock(options.clock, database)
        service = open_service(database, clock, options.manner, folder, bell.ring)
        app = events_service.create(service, options.host)
        with (
            Carrier(
                *(service, clock, keys.load(folder), bell),
                timers=(service.proofs,),
                resolve=service.targets.resolve,
                on_trace=on_trace,
            ) as carrier,
            Server(app, options.host, options.port, threads=16) as server,
        ):
            host = f"[{options.host}]" if ":" in options.host else options.host
            yield LocalService(service, clock, carrier, f"http://{host}:{server.port}")
