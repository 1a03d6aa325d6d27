"""The events service on a port of this machine: store, clock, deliveries and web server."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint

from ..adobe_clients import first_request
from ..adobe_clients.connect_proxy import ConnectProxy
from ..core.host_names import bracketed
from ..core.served_hosts import Served
from ..core.trace import Trace
from ..installation import authority, settings, trust
from ..runtime import system_limits
from ..runtime.breakdowns import expect_whole
from ..runtime.clock import Clock
from ..web.server import Server
from . import application
from .deliveries.delivery_thread import DeliveryThread, Notifier
from .opening import make_clock, open_database, open_service
from .registrations.notes import RegistrationNote
from .service import Service, ServiceOptions

_THREADS = 64
"""Twice as many as the registrations of one client id: a challenge of a webhook that does not
answer keeps the thread of its request for 20 seconds, and other requests must not wait for it."""

_HEALTH = "/healthz"
_Serving = Server | ConnectProxy


@dataclass(frozen=True, slots=True)
class LocalServiceOptions:
    """How the service runs; without ``data`` it keeps nothing after its end.

    ``names`` are further hosts that it answers for; ``None`` if no host can be added. Port 0
    means any free port. ``clock`` is ``real``, ``manual`` or a speed such as ``60x``. On a
    ``tls_port`` it speaks HTTPS as Adobe's hosts; a ``proxy_port`` leads to the TLS port, or to a
    free one. ``cacert`` is the file with the authority of the webhooks' certificates; without it,
    the authorities of the system and of this installation are trusted. ``insecure`` accepts any
    certificate.
    """

    host: str = "127.0.0.1"
    names: tuple[str, ...] | None = None
    port: int = 0
    data: Path | None = None
    clock: str = "real"
    service: ServiceOptions = field(default_factory=ServiceOptions)
    tls_port: int | None = None
    proxy_port: int | None = None
    cacert: Path | None = None
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class LocalService:
    """A service that runs; each of its ``parts`` works in threads of its own.

    ``url`` is where it speaks HTTP; ``tls_port`` and ``proxy_port`` are None if not asked for.
    """

    service: Service
    clock: Clock
    deliveries: DeliveryThread
    url: str
    parts: Sequence[object]
    tls_port: int | None = None
    proxy_port: int | None = None

    def expect_whole(self) -> None:
        """Raise ``FlowsimError`` if a part has ended."""
        expect_whole(self.parts)

    @property
    def identity(self) -> dict[str, str]:
        """Return what clients need to know, by the names of environment variables."""
        own = self.service.installation
        ports = {"FLOWSIM_TLS_PORT": self.tls_port, "FLOWSIM_PROXY_PORT": self.proxy_port}
        return {
            "FLOWSIM_SERVICE": self.url,
            **{name: str(port) for name, port in ports.items() if port is not None},
            "FLOWSIM_CLIENT_ID": own.client_id,
            "FLOWSIM_CLIENT_SECRET": own.client_secret,
            "FLOWSIM_TOKEN": own.token,
            "FLOWSIM_IMS_ORG": own.ims_org,
            "FLOWSIM_ORG": own.org,
            "FLOWSIM_PROJECT": own.project,
            "FLOWSIM_WORKSPACE": own.workspace,
            "FLOWSIM_CREDENTIAL_ID": own.credential_id,
        }


@contextlib.contextmanager
def run(
    options: LocalServiceOptions,
    on_trace: Callable[[Trace], None] = lambda _: None,
    on_note: Callable[[RegistrationNote], None] = lambda _: None,
    pages: Callable[[Service], Blueprint | None] = lambda _: None,
) -> Iterator[LocalService]:
    """Yield a running service, ready to be used; it ends with the block.

    ``on_trace`` gets each attempt, in the thread that delivers; ``on_note`` gets, in any thread,
    what happens to registrations. ``pages`` returns further routes. Raises ``SettingError`` if a
    port cannot be had, ``StoreError`` if the data folder cannot be used, ``ExhaustedError`` if
    there is no room for its threads.
    """
    is_secure = options.tls_port is not None or options.proxy_port is not None
    system_limits.allow_threads(2 * _THREADS if is_secure else _THREADS)
    system_limits.raise_open_files(system_limits.FOR_A_SERVICE)
    tls = trust.of_webhooks(options.cacert, insecure=options.insecure)
    notifier, folder = Notifier(), settings.keys_folder()
    with open_database(options.data) as database:
        clock = make_clock(options.clock, database)
        service = open_service(
            *(database, clock, options.service, folder, notifier.notify), tls=tls, note=on_note
        )
        with (
            DeliveryThread(
                *(service, clock, service.pair, notifier),
                timers=(service.proofs,),
                on_trace=on_trace,
            ) as deliveries,
            _served(service, options, pages(service)) as servers,
            service.ending,
        ):
            port, *others = (each.port for each in servers)
            url, parts = f"http://{bracketed(options.host)}:{port}", (deliveries, *servers)
            yield LocalService(service, clock, deliveries, url, parts, *others)


@contextlib.contextmanager
def _served(
    service: Service, options: LocalServiceOptions, pages: Blueprint | None
) -> Iterator[list[Server | ConnectProxy]]:
    """Yield the servers of HTTP, HTTPS and the proxy, once each has answered a request.

    HTTPS is served if the options name a TLS port or a proxy port.
    """
    served = Served(options.host, options.names)
    app = application.create(service, served, pages)
    host, tls_port, proxy_port = options.host, options.tls_port, options.proxy_port
    with ExitStack() as stack:
        parts: list[_Serving] = [stack.enter_context(Server(app, host, options.port, _THREADS))]
        first_request.over_http(host, parts[0].port, _HEALTH)
        if tls_port is not None or proxy_port is not None:
            tls = authority.load(settings.authority_folder()).server_context(*served.stated)
            parts.append(stack.enter_context(Server(app, host, tls_port or 0, _THREADS, tls)))
            first_request.over_tls(host, parts[1].port, _HEALTH)
        if proxy_port is not None:
            proxy = ConnectProxy(host, proxy_port, parts[1].port)
            parts.append(stack.enter_context(proxy))
            first_request.through_proxy(host, proxy.port, _HEALTH)
        yield parts
