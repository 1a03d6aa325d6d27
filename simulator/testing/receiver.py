"""The fixture ``flowsim_receiver``: a webhook on a port that verifies what it gets."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ..core.served_hosts import LOOPBACK
from ..core.signature import FindKey
from ..receiver import answers
from ..receiver import application as web
from ..web.server import Server
from .public_keys import PublicKeys


class TestReceiver:
    """A sound webhook: any path takes deliveries, and challenges are answered."""

    __test__ = False

    def __init__(self, find_key: FindKey) -> None:
        self.receiver = web.Receiver(find_key, web.ReceiverOptions())
        self.origin = ""

    @property
    def url(self) -> str:
        """Where to deliver to."""
        return f"{self.origin}/webhook"

    @property
    def received(self) -> list[web.Received]:
        """What came so far, oldest first: headers, body, and how it was judged."""
        return list(self.receiver.received)

    def respond(self, codes: str) -> None:
        """Answer each event in turn as in ``503*2,200``, whatever it is worth.

        Raises ``SettingError`` for anything else.
        """
        self.receiver.options.codes = answers.parse(codes)

    def clear(self) -> None:
        """Forget what came, and how often each event did."""
        self.receiver.clear()


@contextlib.contextmanager
def run(keys: PublicKeys) -> Iterator[TestReceiver]:
    """Yield a receiver that listens on a free port."""
    receiver = TestReceiver(keys.answers.find_key)
    with Server(web.create(receiver.receiver, LOOPBACK), LOOPBACK.bound, 0) as server:
        receiver.origin = f"http://127.0.0.1:{server.port}"
        yield receiver
