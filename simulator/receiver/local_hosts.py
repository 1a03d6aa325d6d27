"""Servers of our own that a replay may need: a receiver that verifies, and the key host."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from ..core.delivery import Attempt
from ..core.served_hosts import LOOPBACK, Served
from ..core.signature import FindKey
from ..core.spec_values import RegistrationSpec
from ..delivery.dispatcher import Judge
from ..installation import key_sources

if TYPE_CHECKING:
    import ssl

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from .stub import Received, ReceiverOptions, ReceivingStub

THREADS = 16
"""How many requests each of these servers answers at once."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where deliveries go, and what judges their attempts.

    If ``numbered``, each delivery goes to a path of its own below ``url``.
    """

    url: str
    judge: Judge = lambda _: None
    numbered: bool = False


class Receivers:
    """Receivers of our own for stories that are delivered one after the other.

    One server serves all of them, from the first story that needs it to the end of the block.
    If ``is_in_doubt``, requests of the last story may still be on their way to it: the next
    story gets another server, which they cannot reach.
    """

    def __init__(self, find_key: FindKey, served: Served) -> None:
        self._find_key = find_key
        self._served = served
        self._server = ExitStack()
        self._receiver: ReceivingStub | None = None
        self._url = ""
        self.is_in_doubt = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def of(self, registration: RegistrationSpec) -> Webhook:
        """Return a receiver for a registration, with a judge of each attempt.

        Bodies that name no recipient are accepted only where the registration asks for them.
        """
        is_required = registration.names != "as-documented"
        judge = self._judge(
            self._find_key,
            lambda each: each.headers.get("x-adobe-delivery-id", ""),
            lambda attempt: attempt.delivery_id,
            client_id=registration.client_id,
            recipient_required=is_required,
        )
        return Webhook(self._url, judge)

    def of_captures(self, client_id: str | None, folder: Path) -> Webhook:
        """Return a receiver for captured requests, which may have any delivery ids or none.

        Keys that are not known are looked for in a folder. Without a ``client_id`` any
        recipient is accepted.
        """
        in_folder = key_sources.in_folder(folder)

        def find(path: str) -> RSAPublicKey:
            try:
                return self._find_key(path)
            except LookupError:
                return in_folder(path)

        judge = self._judge(
            find,
            lambda each: each.path,
            lambda attempt: urlsplit(attempt.delivery.url).path,
            client_id=client_id,
            recipient_required=False,
            any_origin=True,
        )
        return Webhook(self._url, judge, numbered=True)

    def _judge(
        self,
        find_key: FindKey,
        name_of: Callable[[Received], str],
        name_of_attempt: Callable[[Attempt], str],
        **options: Any,
    ) -> Judge:
        """Start a receiver, and return a function that looks up if it verified an attempt.

        A request and its attempt have the same name.
        """
        from .stub import ReceiverOptions

        verdicts: dict[str, bool] = {}

        def received(each: Received) -> None:
            verdicts[name_of(each)] = each.reception.verified

        self._receive(find_key, ReceiverOptions(keep=0, on_received=received, **options))
        return lambda attempt: verdicts.pop(name_of_attempt(attempt), False)

    def _receive(self, find_key: FindKey, options: ReceiverOptions) -> None:
        """Use the running server if it fits: its start settles ``any_origin``."""
        running = None if self.is_in_doubt else self._receiver
        if running is None or running.options.any_origin != options.any_origin:
            self._server.close()
            self._receiver, self.is_in_doubt = self._started(find_key, options), False
        else:
            running.find_key, running.options = find_key, options

    def _started(self, find_key: FindKey, options: ReceiverOptions) -> ReceivingStub:
        from ..web.server import Server
        from .application import create
        from .stub import ReceivingStub

        made = ReceivingStub(find_key, options)
        app = create(made, self._served)
        server = self._server.enter_context(Server(app, self._served.bound, 0, THREADS))
        self._url = f"http://{self._served.bound}:{server.port}/webhook"
        return made


@contextlib.contextmanager
def key_host(port: int, pem: Callable[[str], bytes], served: Served) -> Iterator[None]:
    """Serve public keys on a port."""
    from ..web.server import Server
    from . import key_host as web

    with Server(web.create(pem, served), served.bound, port, THREADS):
        yield


@contextlib.contextmanager
def noted_host(
    port: int,
    pem: Callable[[str], bytes],
    visited: Callable[[str], None],
    tls: ssl.SSLContext | None = None,
    served: Served = LOOPBACK,
    refused: Callable[[str], None] = lambda _: None,
) -> Iterator[int]:
    """Serve public keys and validation URLs; report each requested path, and each refusal.

    With ``tls`` it speaks HTTPS only. Yields the port, which is a free one for 0.
    """
    from ..web.server import Server
    from .key_host import create_for_check

    app = create_for_check(pem, visited, served, refused)
    with Server(app, served.bound, port, THREADS, tls) as server:
        yield server.port
