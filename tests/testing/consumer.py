"""A consumer as a user would write it: verifies, and keeps what became of flow runs."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask import Flask, Request, request

FetchKey = Callable[[str], bytes]


def is_signed(given: Request, fetch_key: FetchKey) -> bool:
    """Tell whether the first signature fits, which is enough for these tests."""
    key = load_pem_public_key(fetch_key(given.headers["x-adobe-public-key1-path"]))
    signature = base64.b64decode(given.headers["x-adobe-digital-signature-1"])
    try:
        key.verify(signature, given.get_data(), padding.PKCS1v15(), SHA256())  # type: ignore[union-attr,call-arg,arg-type]
    except InvalidSignature:
        return False
    return True


def create_app(database: sqlite3.Connection, fetch_key: FetchKey | None = None) -> Flask:
    """Return an application with its webhook at /hook, which keeps each run once."""
    database.execute("CREATE TABLE run (event TEXT PRIMARY KEY, status TEXT, failed INTEGER)")
    app = Flask("consumer")

    @app.post("/hook")
    def hook() -> tuple[str, int]:
        if fetch_key is not None and not is_signed(request, fetch_key):
            return "not signed by Adobe", 401
        metrics = request.get_json()["event"]["metrics"]
        status, records = metrics["statusSummary"]["status"], metrics["recordSummary"]
        row = request.headers["x-adobe-event-id"], status, records.get("failedRecordCount", 0)
        with database:
            database.execute("INSERT OR IGNORE INTO run VALUES (?, ?, ?)", row)
        return "", 200

    return app


def runs(database: sqlite3.Connection) -> list[tuple[str, int]]:
    """Return status and failed records of every run that was kept."""
    return database.execute("SELECT status, failed FROM run").fetchall()
