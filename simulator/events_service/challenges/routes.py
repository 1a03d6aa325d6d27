"""The validation URL of the asynchronous challenge, as csm.adobe.io serves it (3.2)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...core.challenge import PATH
from ..service import Service
from . import actions as challenging


def blueprint(service: Service) -> Blueprint:
    """Return the route; it needs no token, because the URL is the proof.

    Only a GET counts. A HEAD, such as of a program that previews links, proves nothing.
    """
    routes = Blueprint("validation", __name__)

    @routes.get(PATH)
    def validate() -> Response:
        if request.method == "HEAD":
            return Response(mimetype="text/plain")
        query = request.args
        opened = challenging.open_link(service, query.get("id", ""), query.get("challenge", ""))
        return Response(f"{opened.name} is verified\n", mimetype="text/plain")

    return routes
