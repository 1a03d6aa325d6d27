"""Public keys at the paths that deliveries name, as static.adobeioevents.com serves them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, Response, request

from ..core.challenge import PATH
from ..core.served_hosts import Served
from ..core.signature import KeyHostDownError
from ..errors import ApiError
from ..web import application, hosts

PublicPem = Callable[[str], bytes]
"""Return the PEM at a key path; raises ``LookupError`` where there is none.

``KeyHostDownError`` is answered with 503, any other ``LookupError`` with 404.
"""


def blueprint(public_pem: PublicPem) -> Blueprint:
    """Return the routes of the key host. Adobe's content type is not known (2.2)."""
    routes = Blueprint("key_host", __name__)

    @routes.get("/prod/keys/<name>")
    def key(name: str) -> Response:
        return answer(public_pem, f"/prod/keys/{name}")

    return routes


def create(
    public_pem: PublicPem,
    served: Served = hosts.IN_PROCESS,
    refused: Callable[[str], None] = lambda _: None,
) -> Flask:
    """Return the key host as an application of its own; a key may be at any path.

    ``refused`` gets the reason why a request for another host is refused.
    """
    app = application.named("flowsim.key_host")
    hosts.guard(app, served, refused)
    app.register_error_handler(ApiError, _explain)

    @app.get("/<path:path>")
    def key(path: str) -> Response:
        return answer(public_pem, f"/{path}")

    return app


def create_for_check(
    public_pem: PublicPem,
    visited: Callable[[str], None],
    served: Served = hosts.IN_PROCESS,
    refused: Callable[[str], None] = lambda _: None,
) -> Flask:
    """Return a key host that also opens validation URLs, for a webhook that is checked.

    ``visited`` gets each requested path, with its query, in the server's threads.
    A request that the guard refuses is no visit: it may come from a web page, and it gets no key.
    Programs that follow a URL of a delivery are not refused, since these name served hosts only.
    """
    app = create(public_pem, served, refused)
    app.url_map.merge_slashes = False

    @app.before_request
    def note() -> None:
        visited(request.full_path.removesuffix("?"))

    @app.get(PATH)
    def validate() -> Response:
        return verified()

    return app


def verified() -> Response:
    """Return the answer of a validation URL of a check."""
    return Response("the webhook is verified\n", mimetype="text/plain")


def answer(public_pem: PublicPem, path: str) -> Response:
    """Return the answer of a key host for a path."""
    try:
        pem = public_pem(path)
    except KeyHostDownError:
        return Response("no answer for the moment\n", 503, mimetype="text/plain")
    except LookupError:
        return Response("no such key\n", 404, mimetype="text/plain")
    return Response(pem, mimetype="application/x-pem-file")


def _explain(error: ApiError) -> Response:
    return Response(f"{error}\n", error.status_code, mimetype="text/plain")
