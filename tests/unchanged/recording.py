"""Compares text with its recorded file, and replaces what differs from run to run."""

from __future__ import annotations

import difflib
import json
import os
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "recorded"

_REPLACED = [
    (r"printf '%s' '(?:[^']|'\\'')*'", "printf '%s' '<body>'"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
    (r"(x-adobe-digital-signature-?[12]: )[0-9A-Za-z+/=]+", r"\1<signature>"),
    (r"pub-key-[0-9A-Za-z]{10}\.pem", "pub-key-<key>.pem"),
    (r"(127\.0\.0\.1|localhost):\d+", r"\1:<port>"),
    (r"(flowsim check |--processed (?:'|&#39;)|--serve-keys )\d+", r"\1<port>"),
    (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?", "<time>"),
    (r"\b1[6-9]\d{11}\b", "<time>"),
    (r"\b01[0-9A-HJKMNP-TV-Z]{24}\b", "<batch>"),
    (r"\b\d+(\.\d+)? (ms|s)\b", r"<duration>"),
    (r"\b((?:source|sources)_\w+) [0-9a-f]{8}\b", r"\1 <id>"),
]
_TIMES = {"elapsed_ms", "elapsed_s"}


def unchanged(name: str, text: str, command: str) -> None:
    """Fail with a readable difference if a text is not the recorded one.

    ``command`` is what a reader runs to see it. With ``FLOWSIM_RECORD`` the text is recorded.
    """
    path = FOLDER / name
    if os.environ.get("FLOWSIM_RECORD"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        pytest.skip(f"recorded anew: {name}")
    recorded = path.read_text(encoding="utf-8")
    if text != recorded:
        before, now = recorded.splitlines(), text.splitlines()
        shown = difflib.unified_diff(before, now, "recorded", "now", n=1, lineterm="")
        pytest.fail(f"{name} differs; it shows:\n{command}\n" + "\n".join(shown), pytrace=False)


def steady(text: str) -> str:
    """Return a text without ids, ports, times and signatures."""
    for pattern, put in _REPLACED:
        text = re.sub(pattern, put, text)
    return text


def without_times(lines: str) -> list[dict[str, object]]:
    """Return the objects of JSON lines without the times that they took."""
    objects = map(json.loads, lines.splitlines())
    return [{name: each for name, each in one.items() if name not in _TIMES} for one in objects]


def canonical(value: object) -> str:
    """Return JSON to compare: sorted names, one member a line."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
