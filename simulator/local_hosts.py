"""Servers of our own that a replay may need: a receiver that verifies, and the key host."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .core.delivery import Attempt
from .core.scenario import RegistrationSpec
from .core.served_hosts import LOOPBACK, Served
from .core.signature import FindKey
from .dispatcher import Judge
from .signing import key_sources

if TYPE_CHECKING:
    import ssl

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from .web.receiver import Manner, Received

THREADS = 16
"""How many requests each of these servers answers at once."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where deliveries go, and who judges them.

    If ``numbered``, each delivery goes to a path of its own below ``url``.
    """

    url: str
    judge: Judge = lambda _: None
    numbered: bool = False


@contextlib.contextmanager
def receiver(
    registration: RegistrationSpec, find_key: FindKey, served: Served
) -> Iterator[Webhook]:
    """Yield a receiver for a registration, and what it says of each attempt.

    Bodies that name nobody are accepted only where the registration asks for them.
    """
    from .web.receiver import Manner

    verdicts: dict[str, bool] = {}

    def received(each: Received) -> None:
        verdicts[each.headers.get("x-adobe-delivery-id", "")] = each.reception.verified

    def judge(attempt: Attempt) -> bool:
        return verdicts.pop(attempt.delivery_id, False)

    is_required = registration.names != "as-documented"
    manner = Manner(
        registration.client_id, recipient_required=is_required, keep=0, on_received=received
    )
    with _receiving(find_key, manner, served) as url:
        yield Webhook(url, judge)


@contextlib.contextmanager
def receiver_of_captures(
    client_id: str | None, find_key: FindKey, folder: Path, served: Served
) -> Iterator[Webhook]:
    """Yield a receiver for captured requests, which may have any delivery ids or none.

    Keys that ``find_key`` does not know are looked for in a folder. Without a ``client_id``
    any recipient will do.
    """
    from .web.receiver import Manner

    verdicts: dict[str, bool] = {}
    in_folder = key_sources.find_key(str(folder))

    def find(path: str) -> RSAPublicKey:
        try:
            return find_key(path)
        except LookupError:
            return in_folder(path)

    def received(each: Received) -> None:
        verdicts[each.path] = each.reception.verified

    def judge(attempt: Attempt) -> bool:
        return verdicts.pop(urlsplit(attempt.delivery.url).path, False)

    manner = Manner(
        client_id, recipient_required=False, any_origin=True, keep=0, on_received=received
    )
    with _receiving(find, manner, served) as url:
        yield Webhook(url, judge, numbered=True)


@contextlib.contextmanager
def _receiving(find_key: FindKey, manner: Manner, served: Served) -> Iterator[str]:
    """Yield the URL of a receiver."""
    from .web import receiver as web
    from .web.server import Server

    app = web.create(web.Receiver(find_key, manner), served)
    with Server(app, served.bound, 0, THREADS) as server:
        yield f"http://{served.bound}:{server.port}/webhook"


@contextlib.contextmanager
def key_host(port: int, pem: Callable[[str], bytes], served: Served) -> Iterator[None]:
    """Serve public keys on a port."""
    from .web import key_host as web
    from .web.server import Server

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
    """Serve public keys and validation URLs, and tell who asks for what, or is refused why.

    With ``tls`` it speaks HTTPS only. Yields the port, which is a free one for 0.
    """
    from .web import check_hosts as web
    from .web.server import Server

    app = web.create(pem, visited, served, refused)
    with Server(app, served.bound, port, THREADS, tls) as server:
        yield server.port
