"""``POST /``, where producers publish events: credentials, kinds of events, limits (6.5)."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, request

from ...core.identifiers import uuid4
from ...errors import ApiError
from ...runtime.clock import stopwatch
from .. import api
from ..providers.model import Provider
from ..service import Service
from .publication import Header, Origin, kind_of, read

REQUESTS = 3_000
SECONDS = 5.0
"""``REQUESTS`` with one api key are accepted in this number of seconds of real time."""

_KEYS = 10_000
"""How many api keys are counted at most; those without a request for longest are dropped."""

_LONGEST_KEY = 128
_CODES_NAMED = 10
_GENERAL = ("*/*", "application/*", "application/json", "text/")


def blueprint(service: Service) -> Blueprint:
    """Return the route; ``x-flowsim-reason`` says why no registration gets an event."""
    routes = api.guarded("publish", service)
    throttle = Throttle(stopwatch)

    @routes.post("/")
    def publish() -> Response:
        header = request.headers.get
        _count(throttle, header("x-api-key") or "")
        kind_of(header)  # before the body is read
        _check_accept(header("accept") or "")
        reason = _publish(service, header, api.body_json())
        if reason:
            return Response(status=204, headers={"x-flowsim-reason": reason})
        return Response("OK", content_type="text/plain;charset=UTF-8")

    return routes


def _count(throttle: Throttle, api_key: str) -> None:
    """Count a request; raises ``ApiError`` 429 if its api key has sent too many."""
    seconds = throttle.take(api_key[:_LONGEST_KEY])
    if seconds is not None:
        raise ApiError(
            429,
            "Too Many Requests",
            f"more than {REQUESTS:,} requests in {SECONDS:g} s with this api key; "
            f"try again in {seconds} s",
            {"retry-after": str(seconds)},
        )


def _check_accept(accept: str) -> None:
    """Raise ``ApiError`` 406 for callers that want HAL only, as Adobe's ingress does."""
    if "application/hal+json" in accept and not any(each in accept for each in _GENERAL):
        raise ApiError(
            406,
            "Not Acceptable",
            "events are acknowledged as text, not as application/hal+json; send Accept: */*",
        )


def _publish(service: Service, header: Header, content: Any) -> str:
    """Publish what a request says; return why no registration gets it, "" if one does.

    Each registration that asked for the event has it in the store before this returns. Raises
    ``ApiError`` with what is wrong, ``StoreError`` if it cannot be stored.
    """
    strict = service.options.strict
    origin = Origin(service.clock.now(), lambda: uuid4(bytes.fromhex(service.request_id())))
    publication = read(header, content, origin, strict)
    provider = _provider(service, publication.provider_id)
    code = publication.notification.event_code
    if strict and service.providers.find_metadata(provider.id, code) is None:
        raise ApiError(400, "Bad Request", _why_unread(service, provider, code))
    published = service.publishing.publish(provider, publication.notification)
    return "" if published.registrations else _why_unread(service, provider, code)


def _provider(service: Service, provider_id: str) -> Provider:
    """Return the provider of a published event; raises ``ApiError`` 403 if it is not allowed.

    Adobe's own providers are not allowed. A strict service refuses providers of other
    organisations too, since only the token says which organisation publishes.
    """
    provider = service.directory.provider(provider_id)
    if provider is None:
        reason = "there is no such provider; create it first (POST …/providers)"
    elif not provider.org:
        reason = "it is Adobe's own, and only Adobe can publish its events"
    elif service.options.strict and provider.org != service.installation.org:
        reason = f"it belongs to the organisation {provider.org}"
    else:
        return provider
    raise ApiError(403, "Forbidden", f"provider {provider_id[:64]!a}: {reason}")


def _why_unread(service: Service, provider: Provider, code: str) -> str:
    """Return why no registration gets a kind of event, in ASCII."""
    name = ascii(code[:64])
    if service.providers.find_metadata(provider.id, code) is not None:
        return f"no registration subscribes to {name}"
    known = [each.event_code for each in service.providers.metadata(provider.id)]
    codes = ", ".join(known[:_CODES_NAMED]) or "none"
    return f"the provider has no event metadata {name}; it has {ascii(codes)[1:-1]}"


@dataclass(slots=True)
class _Window:
    begin: float
    requests: int = 0


@dataclass(slots=True)
class Throttle:
    """Counts requests in windows that begin with a key's first request after the last one."""

    stopwatch: Callable[[], float]
    _windows: OrderedDict[str, _Window] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, api_key: str) -> int | None:
        """Count one request; return in how many whole seconds to come again, if it is too many."""
        now = self.stopwatch()
        with self._lock:
            window = self._windows.get(api_key)
            if window is None or now - window.begin >= SECONDS:
                window = self._begin(api_key, now)
            window.requests += 1
            if window.requests <= REQUESTS:
                return None
            return max(1, math.ceil(window.begin + SECONDS - now))

    def _begin(self, api_key: str, now: float) -> _Window:
        self._windows.pop(api_key, None)
        while self._windows and self._is_dropped(next(iter(self._windows.values())), now):
            self._windows.popitem(last=False)
        window = self._windows[api_key] = _Window(now)
        return window

    def _is_dropped(self, oldest: _Window, now: float) -> bool:
        """Tell whether the window that began first is over, or has to make room."""
        return now - oldest.begin >= SECONDS or len(self._windows) >= _KEYS
