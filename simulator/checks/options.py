"""What is checked and how, how the webhook is reached, and callbacks for the progress."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from ..delivery.dispatcher import Wired
from ..delivery.failure_causes import wait_for
from ..delivery.http_connecting import Resolve, Tls
from ..delivery.http_transport import HttpTransport
from ..delivery.raw_transport import RawTransport
from ..delivery.transport import Client
from ..families.registry import Families, shipped
from ..runtime.defaults import TIME_LIMIT
from .asking import Command, Ignores, Processed, Restart, StateOf
from .check import Check
from .findings import Plan
from .pace import AT_ONCE, PATIENCE, Pace

if TYPE_CHECKING:
    from .check_run import CheckRun


SharedKeys = Callable[[Callable[[str], bytes], Callable[[str], None]], AbstractContextManager[str]]
"""Serve the keys and validation URLs of a run at a key host that runs already.

It gets a function that returns the PEM at a path, or raises ``LookupError``, and one that it calls
with each requested path and its query. It yields the host, as ``127.0.0.1:4010``.
"""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What is checked, and how.

    ``only`` and ``skip`` are names of checks or groups; ``own`` are checks of the user's beside
    those of the catalogue. The key host listens at ``host`` on ``keys_port``, and with
    HTTPS on ``tls_port``. A ``proxy_port`` leads to the TLS port, or to a free one. Port 0 means
    any free port. The key host also answers for ``names``, unless they are ``None``.

    ``processed`` returns how often an event was processed: a function, or an address with
    ``{event_id}`` in it. The webhook may take ``settle`` seconds for each event; a check waits as
    long for processing that should not happen. ``state`` returns what is known of a flow run: a
    function, or an address with ``{run_id}`` in it. Either may also be a command. ``ignores`` are
    events that the webhook leaves out on purpose. ``restart`` restarts the webhook. With
    ``thorough`` the run looks further, and takes longer. ``time_limit`` is in seconds of real time,
    for everything. With ``require_judged`` a *must* that is not judged counts as failed.

    ``key_host`` is one that runs already: then no other listens at ``keys_port``.
    ``tls`` is the context for the webhook's address. Without a ``seed`` one is drawn.
    ``event`` is the event code that all checks are told with, if not the usual one; ``families``
    are those whose events may be sent. Without a ``delivery_format`` it is the default of the
    family.
    """

    url: str
    client_id: str
    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    seed: int | None = None
    delivery_format: str | None = None
    keys_port: int = 0
    key_host: SharedKeys | None = None
    tls_port: int | None = None
    proxy_port: int | None = None
    host: str = "127.0.0.1"
    names: tuple[str, ...] | None = None
    processed: Processed | str | Command | None = None
    state: StateOf | str | Command | None = None
    ignores: Ignores = ()
    restart: Restart | Command | None = None
    settle: float | None = None
    thorough: bool = False
    time_limit: float = TIME_LIMIT
    require_judged: bool = False
    tls: Tls = True
    strict: bool = False
    own: Sequence[Check] = ()
    event: str | None = None
    families: Families = field(default_factory=shipped)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Callbacks for the progress: ``begun`` is called once, ``running`` before each check.

    ``sent`` gets what a check has sent and the answers; verdicts need all of them.

    ``measured`` gets what the webhook needs, and how many seconds the whole run will take.

    ``refused`` gets the reason why one of our hosts refuses a request, in the server's threads.
    """

    begun: Callable[[Plan], None] = lambda _: None
    measured: Callable[[Pace, float], None] = lambda _, __: None
    running: Callable[[Check], None] = lambda _: None
    refused: Callable[[str], None] = lambda _: None
    sent: Callable[[CheckRun], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class WebhookAccess:
    """How a webhook is reached.

    ``client`` opens the connection, ``patient`` one that waits longer for an answer, if
    there is one: an application in this process has none. ``wired`` returns a transport for
    requests whose HTTP a fault breaks.
    ``listening`` returns once the webhook listens; it raises ``UnreachableError`` after as many
    seconds as it is given. ``wait`` is how many the webhook has at the start.
    """

    client: Callable[[], AbstractAsyncContextManager[Client]]
    patient: Callable[[], AbstractAsyncContextManager[Client]] | None
    wired: Wired
    listening: Callable[[float], Awaitable[None]]
    wait: float = 0.0

    @property
    def is_remote(self) -> bool:
        """Whether the webhook is at an address, and no application in this process."""
        return self.patient is not None

    def reach(self) -> None:
        """Return once the webhook listens; raises ``UnreachableError`` after ``wait`` seconds."""
        with asyncio.Runner() as runner:
            runner.run(self._listening())

    async def _listening(self) -> None:
        await self.listening(self.wait)


def over_http(
    url: str,
    *,
    timeout: float,
    wait: float = 0.0,
    connections: int = AT_ONCE,
    tls: Tls = True,
    waits: Callable[[str], None] = lambda _: None,
    resolve: Resolve | None = None,
) -> WebhookAccess:
    """Return the access to a webhook over a socket; durations are in seconds.

    The webhook may take ``wait`` seconds until it listens; ``waits`` is called if it takes time.
    ``resolve`` is asked for the addresses of its host instead of the system.
    """
    open_client = partial(HttpTransport, connections=connections, tls=tls, resolve=resolve)
    return WebhookAccess(
        partial(open_client, timeout=timeout),
        partial(open_client, timeout=PATIENCE),
        partial(RawTransport, timeout=timeout, tls=tls, resolve=resolve),
        partial(wait_for, url, waits=waits),
        wait,
    )
