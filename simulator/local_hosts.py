"""Servers of our own that a replay may need: a receiver that verifies, and the key host."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from . import keys, settings
from .core.delivery import Attempt
from .core.scenario import RegistrationSpec
from .dispatcher import Judge
from .key_sources import find_key


@contextlib.contextmanager
def receiver(registration: RegistrationSpec) -> Iterator[tuple[str, Judge]]:
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
    app = web.create(web.Receiver(find_key(None), manner))
    with Server(app, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.port}/webhook", judge


@contextlib.contextmanager
def key_host(port: int) -> Iterator[None]:
    """Serve the public keys of this installation on a port of the loopback."""
    from .web import key_host as web
    from .web.server import Server

    keys.load(settings.keys_folder())
    app = web.create(lambda path: keys.public_pem(settings.keys_folder(), path))
    with Server(app, "127.0.0.1", port):
        yield
