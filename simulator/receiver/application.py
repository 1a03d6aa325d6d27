"""The receiving stub: a webhook that verifies requests, and answers as its options say."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ..core.header_lines import whole_number
from ..core.headers import FIRST_REQUEST
from ..core.served_hosts import Served
from ..core.signature import FindKey
from ..errors import ApiError
from ..web import application, hosts, silences
from ..web.bodies import body_bytes, limit, release_memory
from ..web.incoming_body import CutBodyError
from ..web.request_head import Refusal, head_of
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
    ``answered`` is the status code that it got, or the silence.
    """

    path: str
    headers: Mapping[str, str]
    body: bytes
    reception: Reception
    answered: int | Silence
    head: bytes = b""

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
    """What the receiver knows: the latest requests, and how often each event came."""

    find_key: FindKey
    options: ReceiverOptions
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
            received = Received(path, headers, body, reception, answered, head)
            self._keep(received)
        options.on_received(received)
        return received

    def clear(self) -> None:
        """Forget all requests; how often events came is forgotten too."""
        with self._lock:
            self.received.clear()
            self._kept_bytes = 0
            self._times.clear()

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


def create(receiver: ReceivingStub, served: Served = hosts.IN_PROCESS) -> Flask:
    """Return the receiver as an application; every path but ``/received`` is a webhook.

    Requests that the guard refuses are neither judged nor kept. Any content type is accepted.
    """
    app = application.named("flowsim.receiver")
    options = receiver.options
    hosts.guard(app, served, options.on_refused, any_origin=options.any_origin)
    limit(app)

    @app.get("/received")
    def received() -> Response:
        kept = [each.as_json() for each in list(receiver.received)]
        g.said = f"a list of {len(kept):,}"
        return jsonify(kept)

    @app.delete("/received")
    def clear() -> tuple[str, int]:
        receiver.clear()
        g.said = "forgotten"
        return "", 204

    app.before_request(partial(_answer, receiver))
    app.after_request(partial(_report, options.on_answered))
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(ApiError, _refuse)
    return app


def _answer(receiver: ReceivingStub) -> ResponseReturnValue | None:
    """Answer a challenge or a delivery; return None for ``/received``, which has own routes."""
    if request.path == "/received" and request.method in ("GET", "DELETE"):
        return None
    if request.method in ("GET", "HEAD"):
        return _challenge()
    if request.method != "POST":
        raise MethodNotAllowed(["GET", "POST"])
    headers = {name.lower(): value for name, value in request.headers.items()}
    received = receiver.receive(request.path, headers, _body(receiver), head_of(request))
    g.is_reported = True
    release_memory()
    receiver.options.delay()
    if isinstance(received.answered, str):
        silences.keep(received.answered)
        return Response()
    reason = received.reception.reason
    body = {"verified": not reason} | ({"reason": reason} if reason else {})
    return jsonify(body), received.answered


def _body(receiver: ReceivingStub) -> bytes:
    """Return the request's body; if its chunks break off, report what came, and raise."""
    try:
        return body_bytes()
    except CutBodyError as error:
        event_id = request.headers.get("x-adobe-event-id", "")
        receiver.options.on_cut(head_of(request), error.came, event_id)
        raise


def _report(on_answered: Callable[[Answered], None], response: Response) -> Response:
    """Report a request that is no delivery, unless flowsim itself has sent it at the start."""
    if not g.get("is_reported") and FIRST_REQUEST not in request.headers:
        target = request.full_path.removesuffix("?")
        said = g.get("said", response.status.partition(" ")[2].lower())
        on_answered(Answered(f"{request.method} {target}", response.status_code, said))
    return response


def _challenge() -> Response:
    """Echo the challenge: as JSON if the client prefers JSON, else as plain text (3.1)."""
    challenge = request.args.get("challenge")
    if challenge is None:
        g.said = "no challenge in it"
        return Response("A webhook of flowsim: POST notifications here.\n", mimetype="text/plain")
    best = request.accept_mimetypes.best_match(["text/plain", "application/json"], "text/plain")
    g.said = "the challenge" if best == "text/plain" else "the challenge, as JSON"
    if best == "application/json":
        return jsonify({"challenge": challenge})
    return Response(challenge, mimetype="text/plain")


def _explain(error: HTTPException) -> tuple[Response, int]:
    """Answer what Flask refuses (a body too large, a method) with a reason in JSON."""
    reason = g.said = str(Markup(error.description or error.name).striptags())
    answer = jsonify({"verified": False, "reason": reason})
    headers = {name.lower(): value for name, value in error.get_headers()}
    if "retry-after" in headers:
        answer.headers["retry-after"] = headers["retry-after"]
    return answer, error.code or 500


def _refuse(error: ApiError) -> tuple[Response, int]:
    g.said = str(error)
    return jsonify({"verified": False, "reason": str(error)}), error.status_code
