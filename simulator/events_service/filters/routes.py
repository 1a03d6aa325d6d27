"""Subscriber-defined filters of a registration (io-events-protocol.md 8.3)."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response

from ..api import body_object, guarded, hal_or_plain, nothing, plain
from ..registrations.model import Registration
from ..registrations.routes import ONE, find_at
from ..service import Service
from . import actions as filtering


def blueprint(service: Service) -> Blueprint:
    """Return the routes below a registration; ``filter/validate`` is singular."""
    routes = guarded("filters", service)

    def found(**path: str) -> Registration:
        return find_at(service, **path)

    @routes.get(f"{ONE}/filters")
    def of_one(**path: str) -> Response:
        return plain(filtering.describe(service, found(**path)))

    @routes.post(f"{ONE}/filters")
    def create(**path: str) -> Response:
        made = filtering.create(service, found(**path), body_object())
        return plain(asdict(made), 201)

    @routes.get(f"{ONE}/filters/<filter_id>")
    def read(filter_id: str, **path: str) -> Response:
        return plain(asdict(filtering.find(service, found(**path), filter_id)))

    @routes.put(f"{ONE}/filters/<filter_id>")
    def replace(filter_id: str, **path: str) -> Response:
        made = filtering.replace(service, found(**path), filter_id, body_object())
        return hal_or_plain(asdict(made))

    @routes.delete(f"{ONE}/filters/<filter_id>")
    def delete(filter_id: str, **path: str) -> Response:
        filtering.delete(service, found(**path), filter_id)
        return nothing()

    @routes.post(f"{ONE}/filter/validate")
    def try_out(**path: str) -> Response:
        return hal_or_plain(asdict(filtering.try_out(service, found(**path), body_object())))

    return routes
