"""Which names a family may have: its name is that of its file, and its key in a scenario."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..core.printable import brief
from ..errors import SettingError

RESERVED = frozenset(
    {
        *("event_code", "event_id", "run", "override", "attributes"),
        *("expect", "after", "repeat", "faults"),
        *("null", "true", "false"),
    }
)
"""Keys of an entry of ``events`` that are no families, and words that YAML does not read as text.

Names that begin with ``model_`` are those of pydantic's models.
"""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def refuse_name(file: str, name: str, taken: Collection[str]) -> None:
    """Raise ``SettingError`` for a file whose name cannot be that of a family.

    ``taken`` are the names of other families.
    """
    if (mistake := mistake_of_name(name, taken)) is not None:
        found, expected = mistake
        raise SettingError(f"{file}: {found}; expected {expected}")


def mistake_of_name(name: str, taken: Collection[str]) -> tuple[str, str] | None:
    """Return why a name cannot be that of a family, and what was expected; None if it can be."""
    if not _NAME.fullmatch(name):
        expected = "a small letter, then small letters, digits and underscores: it becomes a key"
        return f"{brief(name)} cannot name a family", expected
    if name in RESERVED or name.startswith("model_"):
        return f"{name} cannot name a family: it means something else", "another name of the file"
    if name in taken:
        wanted = f"another file name, under which it may take over event codes of {name}"
        return f"there is a family {name}", wanted
    return None
