"""Servers of our own that a replay may need: a receiver that verifies, and the key host."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from .core.delivery import Attempt
from .core.scenario import RegistrationSpec
from .core.signature import FindKey
from .dispatcher import Judge


@contextlib.contextmanager
def receiver(registration: RegistrationSpec, find_key: FindKey) -> Iterator[tuple[str, Judge]]:
    """Yield the URL of a receiver for a registration, and what it says of each attempt.

    Bodies that name nobody are accepted only where the registration asks for them.
    """
    from .web import receiver as web
    from .web.server import Server

    verdicts: dict[str, bool] = {}

    def received(each: web.Received) -> None:
        verdicts[each.headers.get("x-adobe-delivery-id", "")] = each.reception.verified

    def judge(attempt: Attempt) -> bool:
        return verdicts.pop(attempt.delivery_id, False)

    manner = web.Manner(
        client_id=registration.client_id,
        recipient_required=registration.names != "as-documented",
        keep=0,
        on_received=received,
    )
    app = web.create(web.Receiver(find_key, manner))
    with Server(app, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.port}/webhook", judge


@contextlib.contextmanager
def key_host(port: int, pem: Callable[[str], bytes]) -> Iterator[None]:
    """Serve public keys on a port of the loopback."""
    from .web import key_host as web
    from .web.server import Server

    with Server(web.create(pem), "127.0.0.1", port):
        yield


@contextlib.contextmanager
def noted_host(
    port: int, pem: Callable[[str], bytes], visited: Callable[[str], None]
) -> Iterator[int]:
    """Serve public keys and validation URLs on the loopback, and tell who asks for what.

    Yields the port, which is a free one for 0.
    """
    from .web import check_hosts as web
    from .web.server import Server

    with Server(web.create(pem, visited), "127.0.0.1", port) as server:
        yield server.port
