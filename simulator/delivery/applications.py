"""Applications called in this process without a port: which kind they are, and what both share.

``wsgi`` and ``asgi`` each make the one exchange that differs.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..core.app_request import AppRequest
from ..core.outcome import Outcome
from ..core.wire import Wire
from ..errors import TargetError
from .transport import broken_off, failed

Kind = Literal["wsgi", "asgi"]

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)

_EXPECTED = (
    "expected an address, a WSGI application (called with environ and start_response) or an "
    "ASGI application (called with scope, receive and send)"
)


class ApplicationTransport(ABC):
    """A transport whose requests are calls of an application."""

    @abstractmethod
    async def exchange(self, request: AppRequest) -> Outcome:
        """Call the application, and return what it answered."""

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """POST the body and return what came back."""
        return await self.exchange(AppRequest("POST", url, headers, body))

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome:
        """GET and return what came back."""
        return await self.exchange(AppRequest("GET", url, headers, b""))

    def wired(self, wire: Wire) -> AppWired:
        """Return a transport for attempts that a fault writes so."""
        return AppWired(self.exchange, wire)


@dataclass(frozen=True, slots=True)
class AppWired:
    """Posts one attempt as its ``wire`` says, by ``exchange``.

    The application works to its end; what it answers is lost where nobody is there to read it.
    """

    exchange: Callable[[AppRequest], Awaitable[Outcome]]
    wire: Wire

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """POST the body and return what came back."""
        outcome = await self.exchange(AppRequest("POST", url, headers, body, self.wire))
        error = broken_off(self.wire)
        return outcome if error is None else failed(error, outcome.elapsed, str(error))


def kind_of(app: Any) -> Kind:
    """Return how an application is called, judged by what it takes.

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
        raise TargetError(f"{_named(app)} does not tell what it takes; {_EXPECTED}") from None
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        return "asgi" if _is_coroutine(app) else "wsgi"
    needed = sum(each.kind in _POSITIONAL and each.default is each.empty for each in parameters)
    if needed == 3:
        return "asgi"
    if needed == 2 and not _is_coroutine(app):
        return "wsgi"
    if not parameters:
        raise TargetError(f"{_named(app)} takes no arguments; if it makes an application, call it")
    raise TargetError(f"{_named(app)} is called otherwise; {_EXPECTED}")


def _is_coroutine(app: Any) -> bool:
    return any(map(inspect.iscoroutinefunction, (app, type(app).__call__)))


def _named(app: Any) -> str:
    name = getattr(app, "__qualname__", None) or f"a {type(app).__qualname__}"
    return f"the target, {name},"
