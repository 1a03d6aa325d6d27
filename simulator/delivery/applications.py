"""Applications called in this process without a port: what WSGI and ASGI share.

Requests look as if a server had terminated TLS for the application, as Adobe's webhooks must be
reached: they have every header of the wire, host and length included.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self
from urllib.parse import SplitResult, urlsplit

from ..core.outcome import Outcome
from ..core.wire import Wire, parts
from ..errors import TargetError
from .http_answer import KEPT_BODY, READ_BODY
from .release import Release
from .transport import broken_off, failed, of_answer

Work = Callable[[], Outcome]
Call = Callable[[Work], Awaitable[Outcome]]
"""Does a piece of work in a thread, and returns its outcome."""

Kind = Literal["wsgi", "asgi"]

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)

_EXPECTED = (
    "expected an address, a WSGI application (called with environ and start_response) or an "
    "ASGI application (called with scope, receive and send)"
)


CLIENT = ("127.0.0.1", 50_000)
"""Address and port of the client, as the application sees them."""

_PLAIN = Wire(1)
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class AppRequest:
    """One request to an application; path and query of ``url`` are passed as they are.

    ``wire`` says how it would be written to a socket.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    wire: Wire = _PLAIN

    @property
    def address(self) -> SplitResult:
        """The URL in its parts."""
        return urlsplit(self.url)

    @property
    def server(self) -> tuple[str, int]:
        """Host and port of the URL."""
        address = self.address
        return address.hostname or "", address.port or _PORTS[address.scheme]

    def body_parts(self) -> list[bytes]:
        """Return the body in the parts in which the application reads it."""
        stated = max(0, len(self.body) + self.wire.length_error)
        return parts(self.wire, self.body[:stated])

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """Return all headers as bytes, in the order of the wire."""
        lines = [("host", self.address.netloc), *self._length(), *self.headers.items()]
        return [
            (name.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape"))
            for name, value in lines
        ]

    def _length(self) -> list[tuple[str, str]]:
        if self.method != "POST":
            return []
        if self.wire.chunked:
            return [("transfer-encoding", "chunked")]
        return [("content-length", str(max(0, len(self.body) + self.wire.length_error)))]


class AppAnswer:
    """The answer of an application, which comes in parts.

    ``head`` is the status and the headers. Of the body, the beginning is kept.
    """

    def __init__(self) -> None:
        self.head: tuple[int, list[tuple[bytes, bytes]]] | None = None
        self._body = bytearray()
        self._read = 0

    @property
    def is_full(self) -> bool:
        """Whether the body is so long that no more of it is read, as over HTTP."""
        return self._read > READ_BODY

    def take(self, part: bytes) -> None:
        """Take a part of the body. An empty one counts as a byte: their number is limited, too."""
        self._body += part[: KEPT_BODY - len(self._body)]
        self._read += max(len(part), 1)

    def outcome(self, elapsed: float, problem: str = "", traceback: str = "") -> Outcome:
        """Return the outcome after ``elapsed`` seconds; without a ``head`` the status is 500."""
        status, headers = self.head or (500, [])
        return of_answer(status, elapsed, self._body, headers, problem, traceback)


class ApplicationTransport(ABC):
    """A transport whose requests are calls of an application."""

    @abstractmethod
    async def exchange(self, request: AppRequest) -> Outcome:
        """Call the application, and return what it answered."""

    async def __aenter__(self) -> Self:
        return self

    async def send(
        self, url: str, headers: Mapping[str, str], body: bytes, method: str = "POST"
    ) -> Outcome:
        """Make the request and return what came back."""
        return await self.exchange(AppRequest(method, url, headers, body))

    def wired(self, wire: Wire, release: Release | None = None) -> AppWired:
        """Return a transport for attempts that a fault writes so."""
        return AppWired(self.exchange, wire, release)


@dataclass(frozen=True, slots=True)
class AppWired:
    """Posts one attempt by ``exchange``, changed as ``wire`` says.

    The application always works to its end. If the fault hangs up early, the answer is ignored.
    Without a socket, attempts with the same ``release`` are called one directly after the other.
    """

    exchange: Callable[[AppRequest], Awaitable[Outcome]]
    wire: Wire
    release: Release | None = None

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """POST the body and return what came back."""
        if self.release is not None:
            await self.release.reached(lambda: None)
        outcome = await self.exchange(AppRequest("POST", url, headers, body, self.wire))
        error = broken_off(self.wire)
        return outcome if error is None else failed(error, outcome.elapsed, str(error))


def kind_of(app: Any) -> Kind:
    """Return how an application is called, from the number of its parameters.

    Flask, Django, FastAPI, Starlette, Quart and middleware around them are recognised by the
    number of their arguments alone. Raises ``TargetError`` that says what to give instead.
    """
    if not callable(app):
        raise TargetError(f"{_named(app)} cannot be called; {_EXPECTED}")
    if inspect.isclass(app):
        raise TargetError(f"{_named(app)} is a class; give an application made of it")
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        raise TargetError(
            f"{_named(app)} does not say which arguments it takes; {_EXPECTED}"
        ) from None
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        return "asgi" if _is_coroutine(app) else "wsgi"
    needed = sum(each.kind in _POSITIONAL and each.default is each.empty for each in parameters)
    if needed == 3:
        return "asgi"
    if needed == 2 and not _is_coroutine(app):
        return "wsgi"
    if not parameters:
        raise TargetError(f"{_named(app)} takes no arguments; if it makes an application, call it")
    raise TargetError(f"{_named(app)} takes other arguments; {_EXPECTED}")


def _is_coroutine(app: Any) -> bool:
    return any(map(inspect.iscoroutinefunction, (app, type(app).__call__)))


def _named(app: Any) -> str:
    name = getattr(app, "__qualname__", None) or f"a {type(app).__qualname__}"
    return f"the target, {name},"
