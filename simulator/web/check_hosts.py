"""The hosts that a webhook may come to while it is checked; every request is noted."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request

from ..core.challenge import PATH
from . import key_host


def create(public_pem: key_host.PublicPem, visited: Callable[[str], None]) -> Flask:
    """Return a key host that also opens validation URLs.

    ``visited`` is told each path that is asked for, with its query, in the server's threads.
    """
    app = key_host.create(public_pem)
    app.url_map.merge_slashes = False

    @app.before_request
    def note() -> None:
        visited(request.full_path.removesuffix("?"))

    @app.get(PATH)
    def validate() -> Response:
        return Response("the webhook is verified\n", mimetype="text/plain")

    return app
