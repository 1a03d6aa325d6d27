"""What all resources of the events service share: access, JSON bodies, errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from ..core import adobe_hosts, json_reading
from ..core.json_reading import TooManyValuesError
from ..core.json_writing import compact
from ..errors import ApiError, ExhaustedError, FlowsimError, GatewayError, StoreError
from ..web import hosts
from ..web.bodies import body_bytes, expect
from .service import Service

_HAL_TYPE, _JSON_TYPE = "application/hal+json", "application/json"
HAL = f"{_HAL_TYPE};charset=UTF-8"
JSON = f"{_JSON_TYPE};charset=UTF-8"


def hal(content: Any, status: int = 200) -> Response:
    """Return JSON as the management APIs send it (6.1)."""
    return Response(compact(content), status, content_type=HAL)


def plain(content: Any, status: int = 200) -> Response:
    """Return JSON without links, as the other interfaces send it."""
    return Response(compact(content), status, content_type=JSON)


def hal_or_plain(content: Any) -> Response:
    """Return JSON as the API reference has it, or plain JSON to a caller that accepts only that.

    Adobe's SDK for Java asks for ``application/json`` where the reference says HAL (8.3).
    """
    best = request.accept_mimetypes.best_match([_HAL_TYPE, _JSON_TYPE], _HAL_TYPE)
    return hal(content) if best == _HAL_TYPE else plain(content)


def nothing() -> Response:
    """Return a response without a body: 204."""
    return Response(status=204)


def base_url(adobe_host: str | None = None) -> str:
    """Return scheme and authority for links: those of the request.

    For a request to a host name of Adobe, links lead to ``adobe_host`` over HTTPS, by default to
    the same host.
    """
    authority = hosts.authority()
    name, colon, port = authority.partition(":")
    if name not in adobe_hosts.ALL:
        return f"{request.scheme}://{authority}"
    return f"https://{adobe_host or name}{colon}{port}"


def body_object() -> dict[str, Any]:
    """Return the request's JSON object; raises ``ApiError`` 400 or 415 for anything else."""
    expect("application/json")
    content = body_json()
    if not isinstance(content, dict):
        raise ApiError(400, "Bad Request", "the body is not a JSON object")
    return content


def body_patch() -> Any:
    """Return the request's JSON patch, unread; raises ``ApiError`` 400 or 415."""
    expect("application/json-patch+json")
    return body_json()


def body_json() -> Any:
    """Return the request's JSON; all its values can be written as JSON again.

    Raises ``ApiError`` 400 for anything else, 413 for more values than are read.
    """
    try:
        return json_reading.parse_body(body_bytes())
    except TooManyValuesError as error:
        raise ApiError(413, "Payload Too Large", f"the body has {error}") from None
    except ValueError as error:
        raise ApiError(400, "Bad Request", f"the body is not JSON in UTF-8: {error}") from None


def guarded(name: str, service: Service) -> Blueprint:
    """Return a blueprint that requires a token and an api key of this installation when strict.

    Otherwise both are ignored. Browsers send neither with OPTIONS.
    """
    routes = Blueprint(name, __name__)

    @routes.before_request
    def check() -> None:
        if service.options.strict and request.method != "OPTIONS":
            service.tokens.check(
                request.headers.get("authorization"), request.headers.get("x-api-key")
            )

    return routes


def explain(app: Flask, request_id: Callable[[], str]) -> None:
    """Answer every error with JSON: ``reason`` and ``message``, or as the gateway does (6.1)."""

    @app.errorhandler(FlowsimError)
    def of_ours(error: FlowsimError) -> Response:
        if isinstance(error, ApiError):
            name = "error_code" if isinstance(error, GatewayError) else "reason"
            return _problem(error.status_code, error.reason, str(error), error.headers, name)
        status = 503 if isinstance(error, StoreError | ExhaustedError) else 500
        reason = "Service Unavailable" if status == 503 else "Internal Server Error"
        return _problem(status, reason, str(error), {})

    @app.errorhandler(HTTPException)
    def of_flask(error: HTTPException) -> Response:
        message = str(Markup(error.description or error.name).striptags())
        headers = {
            name: value
            for name, value in error.get_headers()
            if name.lower() in ("allow", "retry-after")
        }
        return _problem(error.code or 500, error.name, message, headers)

    @app.after_request
    def identify(response: Response) -> Response:
        response.headers.setdefault("x-request-id", request_id())
        return response


def _problem(
    status: int, reason: str, message: str, headers: dict[str, str], name: str = "reason"
) -> Response:
    text = json.dumps({name: reason, "message": message}, ensure_ascii=False)
    printable = text.encode("utf-8", "replace")
    return Response(printable, status, headers, content_type=JSON)
