"""A webhook that does everything right; each mistake is another method in its place.

It knows nothing of flowsim: signatures are verified with cryptography, keys are fetched with
urllib, and what was processed is counted in memory, as is the latest state of each run.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, ClassVar
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from .runs import run_of, state, summary

KEY_PATH = re.compile(r"/prod/keys/pub-key-[0-9A-Za-z]{10}\.pem")
LARGEST = 3_000_000
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Answer = tuple[int, str, str]
"""Status, content type and text."""


@dataclass(frozen=True)
class Request:
    """A request; header names are in lower case."""

    method: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Plain:
    """A server of the standard library; ``patience`` is for each part of a body.

    If it ``decodes``, each part is made text by itself.
    """

    threaded: bool = True
    case_sensitive: bool = False
    patience: float | None = None
    decodes: bool = False


class KeyUnavailableError(Exception):
    """A key cannot be had now."""


class RefusedError(Exception):
    """An event that is not taken, with the status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


@dataclass
class CorrectConsumer:
    """The webhook of one client id, whose keys and validation URLs are on one host."""

    patience: ClassVar[float] = 3.0
    """How many seconds the key host may take."""

    plain: ClassVar[Plain | None] = None
    """How the standard library's server serves it, if its mistake is one of the server's."""

    client_id: str
    key_host: str
    keys: dict[str, RSAPublicKey] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.times = Counter[str]()
        self.kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def restart(self) -> None:
        """Begin again, as a new process: what was processed is in a database, and still there."""

    # Answering

    def arriving(self, headers: Mapping[str, str]) -> Answer | None:  # noqa: ARG002
        """Answer before the body is read, which is wrong; a correct webhook returns None."""
        return None

    def handle(self, request: Request) -> Answer:
        if request.method == "GET":
            return self.challenge(request)
        try:
            if request.headers.get("x-adobe-event-code") == "challenge":
                return self.validation(request)
            self.deliver(request)
        except RefusedError as error:
            return error.status, "text/plain", str(error)
        except KeyUnavailableError:
            return 503, "text/plain", "no keys now"
        return 200, "text/plain", "taken"

    def challenge(self, request: Request) -> Answer:
        value = parse_qs(request.query).get("challenge", [""])[0]
        return 200, "text/plain", value

    def validation(self, request: Request) -> Answer:
        url = self.validation_url(request)
        if url.startswith(f"{self.key_host}/csm/registrations/validate?"):
            threading.Thread(target=self.open, args=[url]).start()
        return 200, "text/plain", "asked"

    def validation_url(self, request: Request) -> str:
        """Return what a validation asks to be opened; a header alone makes no validation."""
        first = next(iter(self.read(request)), None)
        if not isinstance(first, dict) or {*first} != {"validationUrl"}:
            raise RefusedError(401, "no validation")
        return str(first["validationUrl"])

    def open(self, url: str) -> bytes:
        try:
            with DIRECT.open(url, timeout=self.patience) as answer:
                return bytes(answer.read(LARGEST))
        except (HTTPException, ValueError, OSError) as error:
            raise KeyUnavailableError(url) from error

    # Believing

    def deliver(self, request: Request) -> None:
        self.admit(request)
        elements = self.read(request)
        for element in elements:
            self.recognise(element)
        for element in elements:
            self.take(request, element)

    def admit(self, request: Request) -> None:
        """Let in what a signature vouches for."""
        missing = False
        for number in ("1", "2"):
            try:
                if self.verify(request, number):
                    return
            except KeyUnavailableError:
                missing = True
        if missing:
            raise KeyUnavailableError
        raise RefusedError(401, "no signature fits")

    def verify(self, request: Request, number: str) -> bool:
        signature = request.headers.get(f"x-adobe-digital-signature-{number}", "")
        path = request.headers.get(f"x-adobe-public-key{number}-path", "")
        if not KEY_PATH.fullmatch(path):
            return False
        return self.fits(self.key(path), signature, request.body)

    def fits(self, key: RSAPublicKey, signature: str, body: bytes) -> bool:
        try:
            key.verify(base64.b64decode(signature, validate=True), body, PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True

    def key(self, path: str) -> RSAPublicKey:
        if path not in self.keys:
            self.keys[path] = self.parse(self.open(self.key_host + path))
        return self.keys[path]

    def parse(self, pem: bytes) -> RSAPublicKey:
        try:
            key = load_pem_public_key(pem)
        except ValueError as error:
            raise KeyUnavailableError from error
        assert isinstance(key, RSAPublicKey)
        return key

    # Reading

    def read(self, request: Request) -> list[dict[str, Any]]:
        try:
            content = json.loads(request.body)
        except ValueError:
            raise RefusedError(400, "no JSON") from None
        return content if isinstance(content, list) else [content]

    def recognise(self, element: dict[str, Any]) -> None:
        named = {each for each in self.recipients(element) if each is not None}
        if named != {self.client_id}:
            raise RefusedError(401, "for somebody else")

    def recipients(self, element: dict[str, Any]) -> Iterator[Any]:
        yield element.get("recipientclientid")
        yield element.get("recipient_client_id")

    def event_id(self, request: Request, element: dict[str, Any]) -> str:
        found = element.get("eventid") or element.get("event_id")
        return str(found or request.headers["x-adobe-event-id"])

    # Working

    def take(self, request: Request, element: dict[str, Any]) -> None:
        self.learn(run_of(element))
        self.work(self.event_id(request, element))

    def learn(self, run: dict[str, Any]) -> None:
        row = self.summarise(run)
        self.keep(row[0], row[4] or 0.0, self.state(run))

    def keep(self, run_id: str, written: float, state: dict[str, Any]) -> None:
        """Keep the state of a run, unless a later one is known."""
        with self.lock:
            if run_id not in self.kept or written >= self.kept[run_id][0]:
                self.kept[run_id] = written, state

    def state(self, run: dict[str, Any]) -> dict[str, Any]:
        return state(run)

    def state_of(self, run_id: str) -> dict[str, Any] | None:
        return self.kept[run_id][1] if run_id in self.kept else None

    def summarise(self, run: dict[str, Any]) -> tuple[Any, ...]:
        return summary(run)

    def work(self, event_id: str) -> None:
        """Process an event unless it was processed already; other threads wait meanwhile."""
        with self.lock:
            if not self.processed(event_id):
                self.count(event_id)

    def count(self, event_id: str) -> None:
        self.times[event_id] += 1

    def processed(self, event_id: str) -> int:
        return self.times[event_id]
