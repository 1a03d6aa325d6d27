"""The control calls of the events service, under ``/_flowsim/``: Adobe has none of them.

Commands and tests of the user of the service call them. Pages of other origins may not, and a
strict service requires its token.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel

from ...core import adobe_hosts
from ...web import hosts
from ...web.bodies import has_body, reserve_memory
from .. import api, request_body
from ..service import Service
from . import actions, overview, timekeeping, triggering
from .bodies import (
    AdvanceBody,
    AttemptsQuery,
    ClockQuery,
    RedeliverBody,
    SettingsBody,
    TriggerBody,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PREFIX = "/_flowsim"

LARGE_TEXT = 16 * 1024
"""Scenarios with more characters wait for other large requests."""

_WEIGHT = 32
"""How many times as much memory a scenario takes as other bodies of its size."""

ModelT = TypeVar("ModelT", bound=BaseModel)


def blueprint(service: Service) -> Blueprint:
    """Return the routes."""
    routes = Blueprint("control", __name__, url_prefix=PREFIX)
    routes.before_request(hosts.refuse_other_origins)

    @routes.before_request
    def check() -> None:
        if service.options.strict:  # any api key will do: the token says whose service it is
            service.tokens.check_token(request.headers.get("authorization"))

    _add_acts(routes, service)
    _add_views(routes, service)
    return routes


def _add_acts(routes: Blueprint, service: Service) -> None:
    @routes.post("/trigger")
    def trigger() -> Response:
        asked = _body(TriggerBody)
        if asked.text and len(asked.text) > LARGE_TEXT:
            reserve_memory(_WEIGHT * len(asked.text))
        return _shown(triggering.trigger(service, asked))

    @routes.post("/clock/advance")
    def advance() -> Response:
        asked = _body(AdvanceBody)
        return _shown(timekeeping.advance(service, asked.seconds, asked.wait, asked.timeout))

    @routes.post("/clock/stop")
    def stop() -> Response:
        return _shown(timekeeping.stop(service))

    @routes.post("/reset")
    def reset() -> tuple[str, int]:
        actions.reset(service)
        return "", 204

    @routes.post("/redeliver/<event_id>")
    def redeliver(event_id: str) -> Response:
        registration = request.args.get("registration")
        asked = _body(RedeliverBody) if has_body() else RedeliverBody()
        return _shown(actions.redeliver(service, event_id, registration, asked.faults))

    @routes.patch("/settings")
    def change_settings() -> Response:
        return _shown(actions.change_settings(service, _body(SettingsBody)))


def _add_views(routes: Blueprint, service: Service) -> None:
    @routes.get("/clock")
    def clock() -> Response:
        query = request_body.read(ClockQuery, request.args.to_dict())
        return _shown(timekeeping.read(service, query.wait))

    @routes.get("/settings")
    def settings() -> Response:
        return _shown(actions.settings_of(service))

    @routes.get("/status")
    def status() -> Response:
        return _shown(overview.read(service))

    @routes.get("/registrations/<registration_id>")
    def registration(registration_id: str) -> Response:
        base = api.base_url(adobe_hosts.VALIDATION)
        return _shown(overview.read_one(service, registration_id, base))

    @routes.get("/attempts")
    def attempts() -> Response:
        query = request_body.read(AttemptsQuery, request.args.to_dict())
        return jsonify([asdict(each) for each in overview.attempts(service, query)])


def _body(model: type[ModelT]) -> ModelT:
    return request_body.read(model, api.body_object())


def _shown(value: DataclassInstance) -> Response:
    """Return a value of the service as JSON."""
    content: dict[str, Any] = asdict(value)
    return jsonify(content)
