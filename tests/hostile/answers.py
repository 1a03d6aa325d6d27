"""Answers of servers that try to harm a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..webhook import Answer, Request
from .text import HEADER, HOSTILE


def hostile_answer(code: int) -> Answer:
    """Answer with text that harms a terminal in every part of the answer."""
    said, body = HEADER.encode(), HOSTILE.encode()
    head = f"content-length: {len(body)}\r\n\r\n".encode()
    line = f"HTTP/1.1 {code} ".encode() + said
    return lambda _: iter([line, b"\r\nlocation: " + said, b"\r\n" + head, body])


def broken_answer(_: Request) -> Iterator[bytes]:
    """Answer with what is not HTTP."""
    yield b"HTTP/1.1 " + HEADER.encode() + b"\r\n\r\n"


def refusal(_: Request) -> Iterator[bytes]:
    """Answer as a service does that says no in many words."""
    body = json.dumps({"reason": HOSTILE, "message": HOSTILE}).encode()
    head = f"HTTP/1.1 400 No\r\nx-request-id: {'a' * 32}\r\ncontent-length: {len(body)}\r\n\r\n"
    yield head.encode() + body
