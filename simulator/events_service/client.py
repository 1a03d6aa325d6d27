"""Calls from the commands to a running events service."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from ..core.duration import spell
from ..core.json_reading import MOST_IN_FILE, parse_text
from ..errors import ServiceError, UnreachableError
from ..installation import credentials
from ..runtime.bounded_requests import (
    CUT,
    ENDLESS,
    FAILURES,
    LATE,
    NO_NAME,
    NO_TLS,
    UNTRUSTED,
    session,
    why,
)
from ..runtime.breakdowns import exhaustion
from ..runtime.clock import sleep, stopwatch

_CONNECTING = 3.0
"""Seconds to wait for the connection."""

_ANSWERING = 300.0
"""Seconds to wait for a whole answer: a trigger may be long."""

_MOST_BYTES = 128 * 2**20
"""How much of an answer is read: the traces of a registration may be 25 MB."""

_LOOK_EVERY = 0.1

_PLAIN = "name its port for http:// with --service"
_REMEDIES = {NO_NAME: "name another with --service"} | dict.fromkeys(
    (NO_TLS, UNTRUSTED, CUT), _PLAIN
)

_USUAL_PORT = 4010

_REQUEST_ID = re.compile(r"[0-9a-f]{32}")
"""The form of the service's ``x-request-id``, which hardly another server sends."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered: a status below 400, and JSON where there is a body.

    ``links`` are the targets of the ``Link`` headers by their rel; ``retry_after`` is in
    seconds.
    """

    status_code: int
    content: Any
    links: Mapping[str, str]
    retry_after: float


class ServiceClient:
    """Calls the service at an address such as ``http://127.0.0.1:4010``.

    Redirects are not followed and no proxy is used. Every call raises ``UnreachableError`` if
    nothing answers, ``ServiceError`` with the service's own words if it refuses. An answer has
    at most ``most_bytes``, and comes within ``seconds`` seconds.
    """

    def __init__(
        self, address: str, *, most_bytes: int = _MOST_BYTES, seconds: float = _ANSWERING
    ) -> None:
        self.address = address.rstrip("/")
        self._most_bytes = most_bytes
        self._limits = _CONNECTING, seconds
        self._session = session(most_bytes, seconds)

    def __enter__(self) -> ServiceClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def identify(self, client_id: str) -> None:
        """Send this api key with every call from now on: Adobe's interfaces ask for one."""
        self._session.headers["x-api-key"] = client_id

    def _authorize(self) -> None:
        """Send the token of the service with every call, as soon as its file is there."""
        if "authorization" not in self._session.headers:
            token = credentials.token_for(self.address)
            if token is not None:
                self._session.headers["authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: object) -> Any:
        """Return the JSON at a path; query parameters that are ``None`` are left out."""
        return self.call("GET", path, query=query).content

    def post(self, path: str, body: object = None, **query: object) -> Any:
        """Post JSON, or nothing, and return the JSON that is answered."""
        return self.call("POST", path, body, query).content

    def patch(self, path: str, operations: object) -> Any:
        """Send a JSON Patch, and return the JSON that is answered."""
        kind = "application/json-patch+json"
        return self.call("PATCH", path, operations, content_type=kind).content

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        content_type: str | None = None,
    ) -> Answer:
        """Make one call; ``path`` may have a query of its own.

        A body is JSON; ``content_type`` says which kind, if it is not ``application/json``.
        """
        self._authorize()
        asked_for = {name: str(each) for name, each in (query or {}).items() if each is not None}
        try:
            with self._session.request(
                method,
                self.address + path,
                params=asked_for,
                json=body,
                headers={} if content_type is None else {"content-type": content_type},
                timeout=self._limits,
                allow_redirects=False,
                stream=True,
            ) as answer:
                read = answer.raw.read()  # as it came: decoded it could be of any size
        except FAILURES as error:
            raise exhaustion(error) or UnreachableError(self._no_answer(error)) from None
        return self._read(answer, read)

    def wait(self, seconds: float, waits: Callable[[str], None] = lambda _: None) -> None:
        """Return once the service is ready; raises ``UnreachableError`` if it is not in time.

        ``waits`` gets one message if the service is not ready at first.
        """
        started, has_said = stopwatch(), False
        while True:
            try:
                self.get("/readyz")
                return
            except (UnreachableError, ServiceError):
                if stopwatch() - started >= seconds:
                    raise
            if not has_said:
                waits(f"waiting for the events service at {self.address}, {spell(seconds)} at most")
            has_said = True
            sleep(_LOOK_EVERY)

    def _read(self, answer: requests.Response, body: bytes) -> Answer:
        if not _REQUEST_ID.fullmatch(answer.headers.get("x-request-id", "")):
            raise self._foreign(answer)
        if answer.status_code == 410:  # a journal says it in text
            raise ServiceError(410, body.decode("utf-8", "replace").strip())
        try:
            content = parse_text(body.decode("utf-8"), most=MOST_IN_FILE) if body else None
        except ValueError:
            raise self._foreign(answer) from None
        if answer.status_code < 300:
            links = {rel: each["url"] for rel, each in answer.links.items()}
            wait = answer.headers.get("retry-after", "")
            return Answer(
                answer.status_code, content, links, float(wait) if wait.isdecimal() else 0.0
            )
        raise self._refusal(answer, content)

    def _refusal(self, answer: requests.Response, content: Any) -> ServiceError:
        """Return the message of an answer with status 300 or above, and a remedy if known."""
        if not isinstance(content, dict) or "message" not in content:
            return self._foreign(answer)
        remedy = f"; set {credentials.TOKEN} to its token" if answer.status_code == 401 else ""
        if answer.status_code == 421:  # the remedy is an option of the service, not of the caller
            remedy = f" (says the service at {self.address})"
        message = f"{content['message']}{remedy}"
        conflicting = answer.headers.get("x-conflicting-id", "")
        return ServiceError(answer.status_code, message, content.get("reason", ""), conflicting)

    def _foreign(self, answer: requests.Response) -> ServiceError:
        said = f"{answer.status_code} {answer.reason}".strip()
        problem = f"{self.address} answers, but not as flowsim does ({said})"
        return ServiceError(answer.status_code, f"{problem}; name another with --service")

    def _no_answer(self, error: Exception) -> str:
        reason = why(error)
        remedy = _REMEDIES.get(reason, f"start one with {_start(self.address)}")
        if reason == LATE and self.address.startswith("https:"):
            remedy = _PLAIN
        if reason == ENDLESS:
            reason = f"its answer has more than {self._most_bytes:,} bytes"
        return f"no events service answers at {self.address}: {reason}; {remedy}"


def _start(address: str) -> str:
    """Return the command that starts a service at an address, if that is on this machine."""
    parts = urlsplit(address)
    is_here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    port = parts.port or 80
    return f"flowsim up --port {port}" if is_here and port != _USUAL_PORT else "flowsim up"
