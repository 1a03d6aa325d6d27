"""What a receiver does with a request: it judges it, keeps it, and chooses the answer."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..core.header_lines import whole_number
from ..core.instant import EARLIEST
from ..core.signature import FindKey
from ..runtime.clock import present
from ..web.request_head import Refusal
from ..web.silences import Silence
from . import answers
from .answers import Reception, judge

KEPT = 1_000
"""How many requests are kept for ``GET /received``, at most."""

KEPT_BYTES = 32 * 2**20
"""Bytes of all kept bodies, at most; the oldest are dropped first."""

COUNTED = 100_000
"""For how many event ids the receiver counts requests, at most."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request, its judgement and its response.

    ``head`` are the exact bytes up to the body, request line and empty line included.
    ``answered`` is the status code that it got, or the silence. ``number`` counts requests from
    1, ``at`` is the real time at which it came.
    """

    path: str
    headers: Mapping[str, str]
    body: bytes
    reception: Reception
    answered: int | Silence
    head: bytes = b""
    number: int = 0
    at: datetime = EARLIEST

    def as_json(self) -> dict[str, Any]:
        """Return the request as ``GET /received`` prints it; ``body`` is the exact text."""
        return {
            "event_id": self.headers.get("x-adobe-event-id"),
            "event_code": self.headers.get("x-adobe-event-code"),
            "delivery_id": self.headers.get("x-adobe-delivery-id"),
            "retry_count": whole_number(self.headers.get("x-adobe-retry-count", "0")),
            "status_code": self.answered if isinstance(self.answered, int) else None,
            "silence": self.answered if isinstance(self.answered, str) else None,
            "verified": self.reception.verified,
            "reason": self.reception.reason,
            "path": self.path,
            "headers": dict(self.headers),
            "body": self.body.decode("utf-8", "replace"),
        }


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that is no delivery, such as a challenge, and its response.

    ``line`` is its first line without the version of HTTP; ``said`` describes the response.
    """

    line: str
    status_code: int
    said: str

    @classmethod
    def of(cls, refusal: Refusal) -> Answered:
        """Return a request that the server has answered without calling the receiver."""
        words = refusal.line.split(" ")
        return cls(" ".join(words[:2]), refusal.status_code, refusal.reason)

    def as_json(self) -> dict[str, Any]:
        """Return the request as ``flowsim receive --json`` prints it."""
        method, _, path = self.line.partition(" ")
        return {
            "method": method or None,
            "path": path or None,
            "status_code": self.status_code,
            "said": self.said,
        }


@dataclass(slots=True)
class ReceiverOptions:
    """How the receiver behaves.

    ``codes`` are responses, or silences, to any request. Each event id goes through the list by
    itself, so retries get the same responses in any order. ``delay`` is called before each one.
    ``recipient_required`` refuses bodies that name no recipient. Requests of web pages are
    refused unless ``any_origin``: recorded requests say which page sent them.

    ``on_refused`` gets the reason why a request is not judged, ``on_answered`` every request that
    is no delivery, with its response. ``on_cut`` gets the head of a request whose chunks break
    off, what came of its body, and its event id.
    """

    client_id: str | None = None
    codes: tuple[int | Silence, ...] | None = None
    delay: Callable[[], object] = lambda: None
    recipient_required: bool = True
    any_origin: bool = False
    keep: int = KEPT
    on_received: Callable[[Received], None] = lambda _: None
    on_refused: Callable[[str], None] = lambda _: None
    on_answered: Callable[[Answered], None] = lambda _: None
    on_cut: Callable[[bytes, bytes, str], None] = lambda *_: None


@dataclass(slots=True)
class ReceivingStub:
    """What the receiver knows: the latest requests, and how often each event came.

    ``newest`` is the number of the latest request, ``cleared`` counts how often all were
    forgotten.
    """

    find_key: FindKey
    options: ReceiverOptions
    newest: int = 0
    cleared: int = 0
    received: deque[Received] = field(default_factory=deque)
    _kept_bytes: int = 0
    _times: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def receive(
        self, path: str, headers: Mapping[str, str], body: bytes, head: bytes = b""
    ) -> Received:
        """Judge one POST and remember it."""
        options = self.options
        reception = judge(
            body, headers, self.find_key, options.client_id, options.recipient_required
        )
        with self._lock:
            times = self._count(headers.get("x-adobe-event-id", ""))
            answered = answers.nth(options.codes, times) if options.codes else reception.status_code
            self.newest += 1
            received = Received(
                path, headers, body, reception, answered, head, self.newest, present()
            )
            self._keep(received)
        options.on_received(received)
        return received

    def clear(self) -> None:
        """Forget all requests; how often events came is forgotten too."""
        with self._lock:
            self.cleared += 1
            self.received.clear()
            self._kept_bytes = 0
            self._times.clear()

    def kept(self) -> list[Received]:
        """Return the requests that are kept, the oldest first."""
        with self._lock:
            return list(self.received)

    def _keep(self, received: Received) -> None:
        self.received.append(received)
        self._kept_bytes += len(received.body)
        while len(self.received) > self.options.keep or self._kept_bytes > KEPT_BYTES:
            self._kept_bytes -= len(self.received.popleft().body)

    def _count(self, event_id: str) -> int:
        times = self._times.pop(event_id, 0) + 1
        self._times[event_id] = times
        if len(self._times) > COUNTED:
            self._times.popitem(last=False)
        return times
