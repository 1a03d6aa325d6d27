"""A correct webhook in Flask."""

from __future__ import annotations

import os

from flask import Flask, Response, abort, jsonify, request
from werkzeug.serving import make_server

from .common.webhook import Webhook


def application(webhook: Webhook) -> Flask:
    """Return the routes of a webhook."""
    app = Flask("webhook")

    @app.get("/hook")
    def challenge() -> Response:
        return Response(request.args["challenge"], mimetype="text/plain")

    @app.post("/hook")
    def hook() -> tuple[str, int]:
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, text = webhook.handle(headers, request.get_data())
        return text, status

    @app.get("/processed/<path:event_id>")
    def processed(event_id: str) -> Response:
        return Response(str(webhook.store.times_processed(event_id)), mimetype="text/plain")

    @app.get("/runs/<path:run_id>")
    def run(run_id: str) -> Response:
        found = webhook.store.run(run_id)
        return jsonify(found) if found else abort(404)

    return app


def serve(webhook: type[Webhook] = Webhook) -> None:
    """Listen at PORT until the process ends."""
    threads = os.environ.get("THREADS", "many") != "1"
    port = int(os.environ["PORT"])
    make_server("127.0.0.1", port, application(webhook()), threaded=threads).serve_forever()


if __name__ == "__main__":
    serve()
