"""The hosts that a webhook may come to while it is checked; every request is noted."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request

from ..core.challenge import PATH
from ..core.served_hosts import Served
from . import hosts, key_host


def create(
    public_pem: key_host.PublicPem,
    visited: Callable[[str], None],
    served: Served = hosts.IN_PROCESS,
    refused: Callable[[str], None] = lambda _: None,
) -> Flask:
    """Return a key host that also opens validation URLs.

    ``visited`` is told each path that is asked for, with its query, in the server's threads.
    What the guard refuses is no visit: it may come from a page, and a webhook that gets no key
    is not to be judged as one that asked for it. Programs that follow a URL never get there
    under a host that is refused, whatever the path: URLs name where we listen, or Adobe's hosts.
    """
    app = key_host.create(public_pem, served, refused)
    app.url_map.merge_slashes = False

    @app.before_request
    def note() -> None:
        visited(request.full_path.removesuffix("?"))

    @app.get(PATH)
    def validate() -> Response:
        return Response("the webhook is verified\n", mimetype="text/plain")

    return app
