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
from .core.signature import FindKey
from .dispatcher import Judge
from .signing import key_sources

if TYPE_CHECKING:
    import ssl

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from .web.receiver import Received

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
def receiver(registration: RegistrationSpec, find_key: FindKey) -> Iterator[Webhook]:
    """Yield a receiver for a registration, and what it says of each attempt.

    Bodies that name nobody are accepted only where the registration asks for them.
    """
    verdicts: dict[str, bool] = {}

    def received(each: Received) -> None:
        verdicts[each.headers.get("x-adobe-delivery-id", "")] = each.reception.verified

    def judge(attempt: Attempt) -> bool:
        return verdicts.pop(attempt.delivery_id, False)

    is_required = registration.names != "as-documented"
    with _receiving(registration.client_id, is_required, find_key, received) as url:
        yield Webhook(url, judge)


@contextlib.contextmanager
def receiver_of_captures(
    client_id: str | None, find_key: FindKey, folder: Path
) -> Iterator[Webhook]:
    """Yield a receiver for captured requests, which may have any delivery ids or none.

    Keys that ``find_key`` does not know are looked for in a folder. Without a ``client_id``
    any recipient will do.
    """
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

    with _receiving(client_id, False, find, received) as url:
        yield Webhook(url, judge, numbered=True)


@contextlib.contextmanager
def _receiving(
    client_id: str | None,
    recipient_required: bool,
    find_key: FindKey,
    received: Callable[[Received], None],
) -> Iterator[str]:
    """Yield the URL of a receiver that keeps nothing of what it gets."""
    from .web import receiver as web
    from .web.server import Server

    manner = web.Manner(
        client_id=client_id,
        recipient_required=recipient_required,
        keep=0,
        on_received=received,
    )
    with Server(web.create(web.Receiver(find_key, manner)), "127.0.0.1", 0, THREADS) as server:
        yield f"http://127.0.0.1:{server.port}/webhook"


@contextlib.contextmanager
def key_host(port: int, pem: Callable[[str], bytes]) -> Iterator[None]:
    """Serve public keys on a port of the loopback."""
    from .web import key_host as web
    from .web.server import Server

    with Server(web.create(pem), "127.0.0.1", port, THREADS):
        yield


@contextlib.contextmanager
def noted_host(
    port: int,
    pem: Callable[[str], bytes],
    visited: Callable[[str], None],
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
) -> Iterator[int]:
    """Serve public keys and validation URLs, and tell who asks for what.

    With ``tls`` it speaks HTTPS only. Yields the port, which is a free one for 0.
    """
    from .web import check_hosts as web
    from .web.server import Server

    with Server(web.create(pem, visited), host, port, THREADS, tls) as server:
        yield server.port
