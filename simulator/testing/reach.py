"""How a webhook is reached: at an address, or as an application in this process."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from ..checks.options import WebhookAccess, over_http
from ..core import targets as addresses
from ..delivery.app_threads import OneThread, in_new_thread
from ..delivery.applications import Call, kind_of
from ..delivery.asgi import AsgiTransport
from ..delivery.dispatcher import Wired
from ..delivery.failure_causes import wait_for
from ..delivery.transport import Client
from ..delivery.wsgi import WsgiTransport
from ..errors import SettingError, TargetError
from ..installation import trust
from ..runtime.defaults import CONCURRENCY

ORIGIN = "https://testserver"
"""The address of an application in this process; frameworks accept this host name in tests."""

_IMPORTED = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_]\w*)(\(\))?")


@dataclass(frozen=True, slots=True)
class Reach:
    """How requests get to a webhook.

    ``client`` opens a transport; ``wired`` opens one for requests that faults make invalid HTTP.
    A WSGI application runs in the thread that waits for the results: ``here`` is its work, which
    that thread must serve. ``patient`` opens a transport that waits longer for an answer, if there
    is one. ``at_once`` is the number of attempts at the same time. ``is_remote`` is true for an
    address, ``is_asgi`` for an ASGI application.
    """

    url: str
    client: Callable[[], AbstractAsyncContextManager[Client]]
    wired: Wired
    at_once: int = CONCURRENCY
    here: OneThread = field(default_factory=OneThread)
    is_remote: bool = False
    patient: Callable[[], AbstractAsyncContextManager[Client]] | None = None
    is_asgi: bool = False

    async def listening(self, wait: float) -> None:
        """Return once the webhook listens; raises ``UnreachableError`` after ``wait`` seconds."""
        if self.is_remote:
            await wait_for(self.url, wait, "wait=30")

    def access(self, wait: float) -> WebhookAccess:
        """Return the access for check runs; the webhook may take ``wait`` seconds to listen."""
        return WebhookAccess(self.client, self.patient, self.wired, self.listening, wait)


def of(target: Any, path: str, *, timeout: float, threads: bool, call: Call | None = None) -> Reach:
    """Return how a target is reached.

    A target is an address as typed, an application, or ``module:name`` of one. ``path``
    is where the webhook is in an application. Without ``threads``, ``call`` calls a WSGI
    application; if it is left out, the thread that waits for the results does. Raises
    ``TargetError`` or ``SettingError``.
    """
    target = imported(target)
    if target is None:
        raise SettingError(
            "which webhook? name it with target=, an address or an application, "
            "or for all tests with flowsim_target in the configuration of pytest"
        )
    if isinstance(target, str | int) and not isinstance(target, bool):
        return _over_http(addresses.parse_target(str(target)), timeout)
    return _in_process(target, ORIGIN + _rooted(path), timeout, in_new_thread if threads else call)


def _over_http(url: str, timeout: float) -> Reach:
    tls = trust.of_target(url, None, insecure=False)
    access = over_http(url, timeout=timeout, connections=CONCURRENCY, tls=tls)
    return Reach(url, access.client, access.wired, is_remote=True, patient=access.patient)


def _in_process(app: Any, url: str, timeout: float, call: Call | None) -> Reach:
    if kind_of(app) == "asgi":
        asgi = AsgiTransport(app, timeout=timeout)
        return Reach(url, lambda: asgi, asgi.wired, is_asgi=True)
    here, threads = OneThread(), call is in_new_thread
    wsgi = WsgiTransport(app, timeout=timeout, call=call or here.call, multithread=threads)
    return Reach(url, lambda: wsgi, wsgi.wired, CONCURRENCY if threads else 1, here)


def _rooted(path: str) -> str:
    rooted = path if path.startswith("/") else f"/{path}"
    if not re.fullmatch(r"[\x21-\x7e]+", rooted) or "#" in rooted:
        raise TargetError(f"path={path!r}; expected a path such as /hook, percent-encoded")
    return rooted


def imported(target: Any) -> Any:
    """Return the application that ``module:name`` names, or any other target as it is.

    Raises ``SettingError`` if there is none of that name.
    """
    if not (isinstance(target, str) and (named := _IMPORTED.fullmatch(target))):
        return target
    module, name, call = named.groups()
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise SettingError(f"the target {target}: {error}") from error
    return found() if call else found
