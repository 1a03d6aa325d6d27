"""The way in for events: who may publish what, and how often (io-events-protocol.md 6.5)."""

from __future__ import annotations

from typing import Any

from ...core.identifiers import uuid4
from ...errors import ApiError
from ...runtime.clock import stopwatch
from ..providers.model import Provider
from ..service import Service
from .publication import Header, Origin, kind_of, read
from .throttle import REQUESTS, SECONDS, Throttle

_LONGEST_KEY = 128
_CODES_NAMED = 10


class Ingress:
    """Accepts what producers publish; ``throttle`` counts requests."""

    def __init__(self, service: Service, throttle: Throttle | None = None) -> None:
        self._service = service
        self._throttle = throttle or Throttle(stopwatch)

    def admit(self, header: Header) -> None:
        """Count a request whose body was not read yet.

        Raises ``ApiError`` 429 if its api key has sent too many, 415 for a body of a kind that
        nobody publishes.
        """
        api_key = header("x-api-key") or ""
        seconds = self._throttle.take(api_key[:_LONGEST_KEY])
        if seconds is not None:
            raise ApiError(
                429,
                "Too Many Requests",
                f"more than {REQUESTS:,} requests in {SECONDS:g} s with this api key; come again "
                f"in {seconds} s",
                {"retry-after": str(seconds)},
            )
        kind_of(header)

    def publish(self, header: Header, content: Any) -> str:
        """Publish what a request says; return why nobody gets it, or nothing if somebody does.

        Whoever asked for the event has it in the store before this returns. Raises ``ApiError``
        with what is wrong, ``StoreError`` if it cannot be stored.
        """
        service = self._service
        origin = Origin(service.clock.now(), lambda: uuid4(bytes.fromhex(service.request_id())))
        publication = read(header, content, origin, service.manner.strict)
        provider = self._provider(publication.provider_id)
        code = publication.notification.event_code
        if service.manner.strict and self._is_unknown(provider, code):
            raise ApiError(400, "Bad Request", self._why(provider, code))
        published = service.publishing.publish(provider, publication.notification)
        return "" if published.registrations else self._why(provider, code)

    def _provider(self, provider_id: str) -> Provider:
        """Return a provider that may be published for; raises ``ApiError`` 403 for any other.

        Adobe's own are none of them. Those of other organisations are if nobody looks at the
        token, since only the token says whose publisher this is.
        """
        service = self._service
        provider = service.directory.provider(provider_id)
        if provider is None:
            reason = "there is no such provider; create it first (POST …/providers)"
        elif not provider.org:
            reason = "it is Adobe's own, which only Adobe publishes for"
        elif service.manner.strict and provider.org != service.installation.org:
            reason = f"it belongs to the organisation {provider.org}"
        else:
            return provider
        raise ApiError(403, "Forbidden", f"provider {provider_id[:64]!a}: {reason}")

    def _is_unknown(self, provider: Provider, code: str) -> bool:
        return self._service.providers.find_metadata(provider.id, code) is None

    def _why(self, provider: Provider, code: str) -> str:
        """Return why no registration gets a kind of event, in ASCII."""
        name = ascii(code[:64])
        if not self._is_unknown(provider, code):
            return f"no registration asks for {name}"
        known = [each.event_code for each in self._service.providers.metadata(provider.id)]
        codes = ", ".join(known[:_CODES_NAMED]) or "none"
        return f"the provider has no event metadata {name}; it has {ascii(codes)[1:-1]}"
