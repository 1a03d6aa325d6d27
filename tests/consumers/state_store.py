"""App Builder's state store as Adobe's SDK for Node uses it, empty at first."""

from __future__ import annotations

from flask import Flask, Response, request


def create() -> Flask:
    """Return an application that keeps what is put, for a day."""
    app, kept = Flask("state_store", static_folder=None), dict[str, bytes]()

    @app.get("/containers/<namespace>/data/<key>")
    def get(namespace: str, key: str) -> Response:
        if (value := kept.get(f"{namespace}/{key}")) is None:
            return Response("no such key", 404)
        return Response(value, headers={"x-key-expires-ms": "4102444800000"})

    @app.put("/containers/<namespace>/data/<key>")
    def put(namespace: str, key: str) -> Response:
        kept[f"{namespace}/{key}"] = request.get_data()
        return Response(key)

    return app
