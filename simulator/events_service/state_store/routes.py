"""App Builder's state store, as far as Adobe's Node SDK needs it to verify deliveries (2.5)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...core.instant import to_ms
from ...web.bodies import body_bytes, expect
from ..service import Service
from . import actions as app_state


def blueprint(service: Service) -> Blueprint:
    """Return the routes."""
    routes = Blueprint("state_store", __name__, url_prefix="/containers/<namespace>/data")

    @routes.before_request
    def check() -> None:
        app_state.check(service, request.headers.get("authorization"))

    @routes.get("/<key>")
    def get(namespace: str, key: str) -> Response:
        state = app_state.get(service, namespace, key)
        return Response(
            state.value,
            headers={"x-key-expires-ms": str(to_ms(state.expires))},
            content_type="application/octet-stream",
        )

    @routes.put("/<key>")
    def put(namespace: str, key: str) -> Response:
        expect("application/octet-stream")
        value = body_bytes()
        app_state.put(service, namespace, key, value, request.args.get("ttl", "0"))
        return Response(key, mimetype="text/plain")

    return routes
