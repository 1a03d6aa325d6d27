"""What is checked and how, and who is told of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..core.judging.check import Check
from ..core.judging.plan import Plan
from ..delivery.http_connecting import Tls
from .effects import Processed


@dataclass(frozen=True, slots=True)
class Options:
    """What is checked, and how.

    ``only`` and ``skip`` are names of checks or groups. The key host listens at ``host`` on
    ``keys_port``; with a ``tls_port`` it speaks HTTPS there, too. A ``proxy_port`` leads there,
    to a free TLS port if none is named. Ports that are 0 are taken from the free ones. All of
    them answer for ``names``, too; ``None`` if none can be added.
    ``processed`` tells what the webhook did: a function, or an address with ``{event_id}`` in
    it; ``settle`` is how many seconds it may take over each, and in which nothing must happen
    in the end; ``tls`` is as for the webhook's own address, and ``trust`` the option
    that says so, for commands to be printed. Without a ``seed`` one is drawn.
    """

    url: str
    client_id: str
    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    seed: int | None = None
    delivery_format: str = "adobe_io"
    keys_port: int = 0
    tls_port: int | None = None
    proxy_port: int | None = None
    host: str = "127.0.0.1"
    names: tuple[str, ...] | None = None
    processed: Processed | str | None = None
    settle: float | None = None
    tls: Tls = True
    trust: str = ""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how far the checks have come: ``begun`` once, ``running`` before each.

    ``refused`` is told why one of our hosts refuses a request, in the server's threads.
    """

    begun: Callable[[Plan], None] = lambda _: None
    running: Callable[[Check], None] = lambda _: None
    refused: Callable[[str], None] = lambda _: None
