"""Where reports go: lines to a stream, a file at the end, a folder with all deliveries."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from ..captures.files import file_name
from ..captures.http_file import sent_request
from ..core import json_writing
from ..core.system_reasons import folder_reason
from ..core.trace import Trace
from ..delivery.summary import Summary
from ..errors import SettingError
from ..families.registry import shipped
from ..installation.keys import KeyPair
from .replay_report import Opening, attempt_object, summary_object


def expect_writable(path: Path) -> None:
    """Raise ``SettingError`` if a file cannot be written later; its folder is made.

    The file keeps its content until then.
    """
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not (path.exists() or path.is_symlink())  # a link stays, wherever it leads
        if path.is_fifo():
            _expect_reader(path)
        else:
            path.open("ab").close()
        if is_new:
            path.unlink()


def _expect_reader(path: Path) -> None:
    """Raise ``SettingError`` for a named pipe that no program reads: opening it would wait."""
    if sys.platform == "win32":
        return
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        raise SettingError(f"cannot write {path}: no program reads this pipe") from None


def write(path: Path, text: str) -> None:
    """Write a file in UTF-8. Raises ``SettingError``."""
    with _writing(path):
        path.write_text(text, encoding="utf-8", errors="backslashreplace")


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise SettingError(f"cannot write {path}: {path.parent} is not a folder") from None
    except OSError as error:
        raise SettingError(f"cannot write {path}: {error.strerror or error}") from None


class LineWriter:
    """Writes lines to a stream, which is flushed once in each iteration of the event loop.

    Without an event loop each line is flushed. An error of a flush is raised by the next line.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._problem: OSError | None = None
        self._is_planned = False

    def write(self, line: str) -> None:
        if self._problem is not None:
            raise self._problem
        self._stream.write(f"{line}\n")
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._stream.flush()
            return
        if not self._is_planned:
            self._is_planned = True
            loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._is_planned = False
        try:
            self._stream.flush()
        except OSError as error:
            self._problem = error


class DeliveryFolder:
    """A report that writes every delivery into a folder, named by number, time and event id.

    ``.body`` holds the exact bytes, ``.sig1`` and ``.sig2`` the binary signatures. ``.http``
    holds the request of the first attempt. ``.wire`` holds the bytes that were written instead,
    if a fault cut them off or stated another length. ``attempts.jsonl`` lists all attempts.

    Only its owner can enter a new folder. A folder that already holds deliveries is refused,
    since they would be sent again together with the new ones.
    """

    def __init__(self, folder: Path, keys: KeyPair) -> None:
        self._folder = folder
        self._count = 0
        self._families = shipped()
        with _saving(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if any(folder.glob("*.http")):
                raise SettingError(
                    f"cannot save to {folder}: it contains deliveries already; "
                    "expected another folder, or remove this one first"
                )
            for key in keys:
                (folder / f"{key.name}.pem").write_bytes(key.public_pem)
            self._attempts = (folder / "attempts.jsonl").open("w", encoding="utf-8")

    def opened(self, opening: Opening) -> None:
        """Keep what is known of the events; nothing is saved before the first attempt."""
        self._families = opening.families

    def attempted(self, trace: Trace) -> None:
        with _saving(self._folder):
            self._attempts.write(
                json_writing.one_line(attempt_object(trace, self._families)) + "\n"
            )
            if trace.attempt.number == 1:
                self._save(trace)

    def _save(self, trace: Trace) -> None:
        attempt, signed = trace.attempt, trace.attempt.delivery.signed
        self._count += 1
        name = file_name(self._count, trace.sent_at, signed.payload.events[0].id)
        whole, written = sent_request(attempt, whole=True), sent_request(attempt)
        self._write(f"{name}.body", signed.payload.body)
        self._write(f"{name}.http", whole)
        for number, signature in enumerate(signed.signatures, 1):
            self._write(f"{name}.sig{number}", _binary(signature))
        if written != whole:
            self._write(f"{name}.wire", written)

    def closed(self, summary: Summary, elapsed: float) -> None:
        with _saving(self._folder), self._attempts:
            self._attempts.write(json_writing.one_line(summary_object(summary, elapsed)) + "\n")

    def _write(self, name: str, content: bytes) -> None:
        (self._folder / name).write_bytes(content)


def _binary(signature: str) -> bytes:
    """Decode base64; return empty bytes for other text, which captures may have."""
    try:
        return base64.b64decode(signature)
    except ValueError:
        return b""


@contextlib.contextmanager
def _saving(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingError(f"cannot save to {folder}: {folder_reason(error)}") from None
