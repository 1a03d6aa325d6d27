"""``Receiver``: a webhook on a port that verifies what it gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from ..core.served_hosts import LOOPBACK
from ..installation import key_sources
from ..receiver import answers
from ..receiver.application import create
from ..receiver.stub import Received, ReceiverOptions, ReceivingStub
from ..web.server import Server
from . import happenings
from .nearest import one
from .public_keys import PublicKeys


class Receiver:
    """A webhook that verifies what it gets, keeps it, and answers challenges, at any path.

    Use it with ``with``: it listens on 127.0.0.1 until the block ends, on a free ``port`` if it is
    0. It knows the public keys of this installation. With the ``keys`` of a ``Flowsim`` it also
    knows the keys that faults use in replays of that ``Flowsim``. Raises ``FlowsimError`` if it
    cannot listen, or the keys cannot be read.
    """

    def __init__(self, keys: PublicKeys | None = None, *, port: int = 0) -> None:
        find_key = keys.answers.find_key if keys else key_sources.find_key(None)
        self._stub = ReceivingStub(find_key, ReceiverOptions())
        self._port = port

    def __enter__(self) -> Self:
        self._server = Server(create(self._stub, LOOPBACK), LOOPBACK.bound, self._port)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        """Where to deliver to, such as ``http://127.0.0.1:41234/webhook``."""
        return f"http://{LOOPBACK.bound}:{self._server.port}/webhook"

    @property
    def received(self) -> list[Received]:
        """The requests so far, oldest first.

        Each has ``path``, ``headers`` in lower case, ``body`` in bytes, the status ``answered``,
        and a ``reception``: it is ``verified``, or has a ``reason`` why not. At most 1,000
        requests of together 32 MiB are kept.
        """
        return list(self._stub.received)

    def request(
        self,
        code: str | None = None,
        *,
        id: str | None = None,  # noqa: A002 - the word of reports
        status: int | str | None = None,
        verified: bool | None = None,
    ) -> Received:
        """Return the first request that fits: its event code and event id, what it was answered.

        ``status`` may be ``timeout`` or ``reset`` too. Raises ``AssertionError`` that names the
        nearest request if there is none.
        """
        __tracebackhide__ = True
        wanted = {"code": code, "id": id, "status": status, "verified": verified}
        return one("request", wanted, [(each, _fields(each)) for each in self.received])

    @property
    def happened(self) -> str:
        """The requests in a table, as a test that fails shows them."""
        return happenings.of_receiver(self.received)

    def respond(self, codes: str) -> None:
        """Answer the attempts at each event with these codes, verified or not, as in ``503*2,200``.

        The parts are status codes, ``timeout`` or ``reset``; the last one stays. Raises
        ``FlowsimError`` for anything else.
        """
        self._stub.options.codes = answers.parse(codes)

    def clear(self) -> None:
        """Delete all requests, and the number of attempts at each event."""
        self._stub.clear()


def _fields(received: Received) -> Mapping[str, object]:
    fields = {
        "code": received.headers.get("x-adobe-event-code"),
        "id": received.headers.get("x-adobe-event-id"),
        "status": received.answered,
        "verified": received.reception.verified,
    }
    reason = received.reception.reason
    return {**fields, "reason": reason} if reason else fields
