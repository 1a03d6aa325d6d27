"""HTTP archives as browsers write them."""

from __future__ import annotations

import json
from typing import Any

ADOBE = (("content-type", "application/json"), ("x-adobe-event-id", "e1"))


def entry(
    text: str | None = "{}",
    *,
    headers: tuple[tuple[str, str], ...] = ADOBE,
    at: str = "2026-01-15T09:30:00.250Z",
    method: str = "POST",
    **request: Any,
) -> dict[str, Any]:
    """Return an entry as browsers write it; ``request`` replaces members of its request."""
    return {
        "startedDateTime": at,
        "time": 12.5,
        "request": {
            "method": method,
            "url": "https://hook.example/a?b=c",
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": name, "value": value} for name, value in headers],
            "bodySize": -1,
            **({} if text is None else {"postData": {"mimeType": "x/y", "text": text}}),
            **request,
        },
        "response": {"status": 200},
    }


def archive(*entries: Any) -> bytes:
    """Return an archive of these entries."""
    return json.dumps({"log": {"version": "1.2", "entries": [*entries]}}).encode()
