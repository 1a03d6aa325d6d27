"""Deliveries on disk: what was sent, byte for byte, with the signatures and their keys."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from pathlib import Path

from ..captures.files import file_name
from ..captures.http_file import sent_request
from ..core import json_writing
from ..core.trace import Trace
from ..delivery.summary import Summary
from ..errors import SettingError, folder_reason
from ..installation.keys import KeyPair
from .base import Opening, attempt_object, summary_object


class Saved:
    """Writes every delivery into a folder, named by number, moment and event id.

    ``.body`` holds the exact bytes, ``.sig1`` and ``.sig2`` the binary signatures, ``.http``
    the request of the first attempt, ``.wire`` what was written in its place if a fault cut it
    off or stated another length; ``attempts.jsonl`` lists all attempts. A folder that is made
    here can be entered by its owner only; one that holds deliveries already is refused, since
    they would be sent again with the new ones.
    """

    def __init__(self, folder: Path, keys: KeyPair) -> None:
        self._folder = folder
        self._count = 0
        with _explained(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _refuse_deliveries(folder)
            for key in keys:
                (folder / f"{key.name}.pem").write_bytes(key.public_pem)
            self._attempts = (folder / "attempts.jsonl").open("w", encoding="utf-8")

    def opened(self, opening: Opening) -> None:
        """Nothing is saved before the first attempt."""

    def attempted(self, trace: Trace) -> None:
        with _explained(self._folder):
            self._save(trace)

    def _save(self, trace: Trace) -> None:
        self._attempts.write(json_writing.one_line(attempt_object(trace)) + "\n")
        attempt = trace.attempt
        if attempt.number > 1:
            return
        self._count += 1
        signed = attempt.delivery.signed
        name = file_name(self._count, trace.sent_at, signed.payload.events[0].id)
        self._write(f"{name}.body", signed.payload.body)
        for number, signature in enumerate(signed.signatures, 1):
            self._write(f"{name}.sig{number}", _binary(signature))
        whole, written = sent_request(attempt, whole=True), sent_request(attempt)
        self._write(f"{name}.http", whole)
        if written != whole:
            self._write(f"{name}.wire", written)

    def closed(self, summary: Summary, elapsed: float) -> None:
        with _explained(self._folder), self._attempts:
            self._attempts.write(json_writing.one_line(summary_object(summary, elapsed)) + "\n")

    def _write(self, name: str, content: bytes) -> None:
        (self._folder / name).write_bytes(content)


def _refuse_deliveries(folder: Path) -> None:
    if any(folder.glob("*.http")):
        raise SettingError(
            f"cannot save to {folder}: it holds deliveries already; "
            "expected another folder, or remove this one first"
        )


def _binary(signature: str) -> bytes:
    """Return what base64 text holds; nothing if it is none, as a captured one may be."""
    try:
        return base64.b64decode(signature)
    except ValueError:
        return b""


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingError(f"cannot save to {folder}: {folder_reason(error)}") from None
