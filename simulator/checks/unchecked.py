"""Mistakes of consumers that no check can find, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..installation.kept import kept

_FILE = Path(__file__).with_name("no_check.yaml")


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A mistake of docs/adobe/io-events-protocol.md §10 by its number, and why no check finds it.

    ``group`` is the group of checks in which one would be.
    """

    number: int
    group: str
    mistake: str
    why: str


def unchecked() -> list[Unchecked]:
    """Return all of them, in the order of their numbers."""
    content = kept("checks", _FILE.stem, _FILE.read_text("utf-8"), _read)
    return [Unchecked(int(number), **said) for number, said in content.items()]


def _read(text: str) -> Any:
    from ..files.yaml_documents import parse_text

    value = parse_text(text, _FILE.name).value
    return {str(number): said for number, said in value.items()}
