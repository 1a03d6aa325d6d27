"""The receiving stub: a webhook that verifies requests, and answers as its options say."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ..core.headers import FIRST_REQUEST
from ..core.served_hosts import Served
from ..errors import ApiError
from ..web import application, hosts, silences
from ..web.bodies import body_bytes, limit, release_memory
from ..web.incoming_body import CutBodyError
from ..web.request_head import head_of
from .stub import Answered, ReceivingStub


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
