"""A server between the commands and a service that makes every text of its answers hostile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from ..webhook import Answer, Request, Webhook

_MEANT = {
    *("client_id", "org", "credential_id", "project", "workspace", "registration_id"),
    *("registrations", "filtered", "webhook_status", "responseTime", "x-adobe-retry-count"),
    *("id", "provider_id"),
}
"""Members that commands send back, look up or count with."""

_PASSED_ON = ("x-request-id", "link", "content-type", "retry-after")


@contextmanager
def relay(url: str, added: str) -> Iterator[str]:
    """Yield an address that answers as the service does, with ``added`` before each text."""
    with Webhook([_answer(url, added)]) as server:
        yield f"http://127.0.0.1:{server.port}"


def _answer(url: str, added: str) -> Answer:
    def answer(request: Request) -> Iterator[bytes]:
        method, path, _ = request.line.split(" ")
        kept = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        asked: Callable[..., requests.Response] = requests.request
        said = asked(method, url + path, headers=kept, data=request.body, timeout=60)
        body = said.content
        if "json" in said.headers.get("content-type", "") and body:
            body = json.dumps(_spoilt(said.json(), added)).encode()
        head = [f"HTTP/1.1 {said.status_code} Said", f"content-length: {len(body)}"]
        head += [f"{name}: {said.headers[name]}" for name in _PASSED_ON if name in said.headers]
        yield "\r\n".join(head).encode() + b"\r\n\r\n" + body

    return answer


def _spoilt(content: Any, added: str, name: str = "") -> Any:
    if isinstance(content, dict):
        return {key: _spoilt(each, added, key) for key, each in content.items()}
    if isinstance(content, list):
        return [_spoilt(each, added, name) for each in content]
    return added + content if isinstance(content, str) and name not in _MEANT else content
