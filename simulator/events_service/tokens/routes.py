"""Where clients get bearer tokens: ``POST /ims/token/v3`` (io-events-protocol.md 6.8)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from ...errors import ApiError
from ...web.bodies import expect
from ..service import Service
from .actions import LIFETIME

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

_EXPIRES_IN_S = int(LIFETIME.total_seconds()) - 1
"""What IMS prints for a token of 24 hours."""


def blueprint(service: Service) -> Blueprint:
    """Return the route; errors have the form of IMS, ``error`` and ``error_description``.

    Any client id and secret get a token; a strict service accepts only the installation's own.
    Scopes are ignored.
    """
    routes = Blueprint("ims", __name__)

    @routes.post("/ims/token/v3")
    def token() -> ResponseReturnValue:
        expect(*_FORMS)
        asked = request.values.get
        if asked("grant_type") != "client_credentials":
            return _problem(400, "unsupported_grant_type", "invalid grant_type parameter")
        try:
            given = service.tokens.give(
                asked("client_id", ""), asked("client_secret", ""), service.options.strict
            )
        except ApiError as error:
            return _problem(error.status_code, error.reason, str(error))
        answer = jsonify(
            {"access_token": given, "token_type": "bearer", "expires_in": _EXPIRES_IN_S}
        )
        answer.headers["cache-control"] = "no-store"
        return answer

    return routes


def _problem(status: int, error: str, description: str) -> tuple[Response, int]:
    return jsonify({"error": error, "error_description": description}), status
