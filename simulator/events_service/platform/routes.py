"""The paths of families: what links in notifications lead to (``PlatformPath``)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request

from ...families.entities import PlatformPath, PlatformRequest
from ..api import base_url, guarded, plain
from ..service import Service
from .table import EntitiesOfFamily


def blueprint(service: Service) -> Blueprint:
    """Return the routes; all answers follow from notifications of this service."""
    routes = guarded("platform", service)
    for family in service.families.readable()[0]:
        entities = EntitiesOfFamily(service.database, family.name)
        for path in family.platform_paths():
            routes.get(path.rule, endpoint=path.rule.replace(".", "-"))(_view(path, entities))
    return routes


def _view(path: PlatformPath, entities: EntitiesOfFamily) -> Callable[..., Response]:
    """Return the function that answers a path; an answer of bytes is a file."""

    def view(**values: str) -> Response:
        asked = PlatformRequest(values, request.args.to_dict(flat=False), base_url())
        content = path.answer(entities, asked).content
        if isinstance(content, bytes):
            return Response(content, content_type="application/octet-stream")
        return plain(content)

    return view
