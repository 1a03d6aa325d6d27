"""The operands of ``flowsim diff``: payloads, requests, scenarios and runs, by name."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core import json_reading
from ..core.instant import EARLIEST
from ..core.system_reasons import reason_of
from ..errors import SettingError
from ..families.registry import Families
from ..files import text_files, texts
from ..story.opening import open_story
from . import files as captures
from . import run_record
from .capture import events_of
from .comparison import Operand
from .run_record import RunRecord

ATTEMPTS = "attempts.jsonl"
"""The file of attempts in a folder of ``flowsim replay --save``."""

_MOST_OF_DEVICE = 16 * 2**20


def read(name: str, families: Families | None = None) -> Operand:
    """Return the operand with a name: ``-``, a folder, a file, or a scenario.

    Captured requests, scenarios and lines of ``--json`` are runs; another file is a payload.
    ``families`` are those of scenarios; without them, those that are shipped. Raises
    ``FlowsimError`` if it cannot be read.
    """
    if name == "-":
        return _content("<stdin>", sys.stdin.buffer.read())
    if captures.are_at(name):
        return _captured(name)
    path = Path(name)
    is_scenario = path.suffix.lower() in text_files.ENDINGS
    if is_scenario or not name or not text_files.is_at(path, Path.exists):
        payloads = open_story(name, families=families).payloads()
        return run_record.of((), ((each.events[0].id, each.body) for each in payloads))
    return _content(name, bytes_of(path))


def bytes_of(path: Path) -> bytes:
    """Return what a file or device holds; raises ``SettingError`` if it cannot be read."""
    try:
        if path.is_char_device():
            return _of_device(path)
        return path.read_bytes()
    except OSError as error:
        raise SettingError(f"{path}: {reason_of(error)}") from None


def body_of(name: str) -> bytes:
    """Return the body of a request that a file holds, without the mark of an editor.

    Raises ``SettingError`` if it cannot be read, or is text in UTF-16.
    """
    return _without_mark(name, bytes_of(Path(name)))


def _of_device(path: Path) -> bytes:
    """Return the bytes of a device; some devices, such as /dev/zero, have no end."""
    with path.open("rb") as device:
        raw = device.read(_MOST_OF_DEVICE + 1)
    if len(raw) > _MOST_OF_DEVICE:
        raise SettingError(f"{path}: a device that has no end; expected a file")
    return raw


def _captured(name: str) -> RunRecord:
    found = captures.read(name)
    sent = [(events_of(each, each.at or EARLIEST)[0].id, each.body) for each in found.captures]
    file = Path(name) / ATTEMPTS
    lines = bytes_of(file) if text_files.is_at(file, Path.is_file) else b""
    return replace(_run(str(file), lines, sent), unread=found.unread)


def _content(name: str, raw: bytes) -> Operand:
    """Return a run if the first line is one that ``--json`` prints, else a payload."""
    raw = _without_mark(name, raw)
    try:
        first = json_reading.parse_spelled(raw.partition(b"\n")[0].decode("utf-8"))
    except ValueError:
        return raw
    is_run = isinstance(first, dict) and first.get("type") in run_record.TYPES
    return _run(name, raw, ()) if is_run else raw


def _without_mark(name: str, raw: bytes) -> bytes:
    try:
        return texts.without_mark(raw)
    except texts.NoTextError as error:
        raise SettingError(f"{name}: {error}") from None


def _run(name: str, raw: bytes, sent: Iterable[tuple[str, bytes]]) -> RunRecord:
    lines: list[dict[str, Any]] = []
    for number, line in enumerate(_without_mark(name, raw).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            lines.append(run_record.line(line))
        except ValueError as error:
            raise SettingError(f"{name}:{number}: {error}") from None
    return run_record.of(lines, sent)
