"""What was read from shipped YAML, kept as JSON in the data folder: YAML is slow to read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..errors import FlowsimError
from .settings import home, made_home


def kept(folder: str, name: str, text: str, read: Callable[[str], Any]) -> Any:
    """Return what ``read`` makes of a text; it is kept beside the checksum of the text.

    ``folder`` and ``name`` say where. If nothing can be kept, the text is read each time.
    """
    checksum = sha256(text.encode()).hexdigest()
    with contextlib.suppress(FlowsimError, OSError, ValueError, LookupError, TypeError):
        found = json.loads(_path(folder, name).read_bytes())
        if found["sha256"] == checksum:
            return found["content"]
    content = read(text)
    with contextlib.suppress(FlowsimError, OSError):
        _keep(_path(folder, name), {"sha256": checksum, "content": content})
    return content


def _path(folder: str, name: str) -> Path:
    return home() / folder / f"{name}.json"


def _keep(path: Path, content: dict[str, Any]) -> None:
    from .own_files import write

    made_home()
    path.parent.mkdir(exist_ok=True, mode=0o700)
    write(path, json.dumps(content).encode(), 0o600)
