"""Public keys at the paths that deliveries name, as static.adobeioevents.com serves them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, Response

PublicPem = Callable[[str], bytes]
"""Return the PEM at a key path; raises ``LookupError`` where there is none."""


def blueprint(public_pem: PublicPem) -> Blueprint:
    """Return the routes of the key host. Which content type Adobe sends is not known (2.2)."""
    routes = Blueprint("key_host", __name__)

    @routes.get("/prod/keys/<name>")
    def key(name: str) -> Response:
        try:
            pem = public_pem(f"/prod/keys/{name}")
        except LookupError:
            return Response("no such key\n", 404, mimetype="text/plain")
        return Response(pem, mimetype="application/x-pem-file")

    return routes


def create(public_pem: PublicPem) -> Flask:
    """Return the key host as an application of its own."""
    app = Flask("flowsim.key_host", static_folder=None)
    app.register_blueprint(blueprint(public_pem))
    return app
