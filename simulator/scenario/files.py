"""Finds scenarios by path, name or event code, and reads them."""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path as FilePath

from ..core import targets
from ..core.shell_words import quoted
from ..errors import FlowsimError, SettingError
from ..families import registry
from ..families.registry import Families
from ..families.unknown_code import EVENT_CODE, unknown_code
from ..files import shipped_scenarios
from ..files.document import Document
from ..files.text_files import LARGEST, decode, is_at, text_of
from ..files.yaml_documents import parse_text

_ANY = "scenario, file"
"""What a user may name beside an event code."""

_OF_CODE = {"seed": 7, "at": "2026-01-15T09:30:00Z"}
"""Seed and beginning of the scenario of an event code."""


def shipped() -> dict[str, FilePath]:
    """Return the scenarios that are shipped with flowsim: name → file, sorted by name."""
    return shipped_scenarios.shipped()


def find(name: str) -> FilePath | None:
    """Return the file at a path, or the shipped scenario of that name; None if there is none."""
    path = FilePath(name)
    if name in shipped() and not is_at(path, FilePath.is_file):
        return shipped()[name]
    return path if name and is_at(path, FilePath.exists) else None


def read_shipped(name: str, families: Families | None = None) -> Document:
    """Return a shipped scenario, or that of an event code; never a file of the user.

    Raises as ``read`` does for a name that is neither.
    """
    if name in shipped():
        return read(str(shipped()[name]))
    return parse_text(_of_code(name, families, "shipped scenario"), name)


def read(name: str, families: Families | None = None) -> Document:
    """Return the document at a path, of a shipped name or event code, or ``-`` for standard input.

    Without ``families``, event codes are those of families that are shipped. Raises
    ``SettingError`` if it cannot be found or read, ``ScenarioError`` if it is not YAML, or if the
    name is unknown and family files have mistakes.
    """
    file, text = read_text(name, families)
    if file in (str(path) for path in shipped().values()):
        return _parse_once(text, file)
    return parse_text(text, file)


_parse_once = lru_cache(maxsize=32)(parse_text)
"""Parses shipped scenarios; a service uses the same ones again and again."""


def read_text(name: str, families: Families | None = None) -> tuple[str, str]:
    """Return the printable name of a file and its text; raises as ``read`` does."""
    if name == "-":
        return "<stdin>", decode(sys.stdin.buffer.read(LARGEST + 1), "<stdin>")
    if path := find(name):
        return text_of(path, "a scenario file")
    return name, _of_code(name, families, _ANY)


def _of_code(code: str, families: Families | None, others: str) -> str:
    """Return the text of a scenario whose one entry is the example of an event code."""
    families = families or registry.shipped()
    family = families.by_code(code)
    if family is None:
        raise _unknown(code, families, others)
    found = family.codes[code]
    about = found.summary or found.label
    said = {"description": about, **_OF_CODE, "events": [{family.name: found.example}]}
    return json.dumps(said)


def _unknown(name: str, families: Families, others: str) -> FlowsimError:
    what = f"{others} or event code"
    if targets.is_plain(name) and not families.readable()[1]:
        remedy = f"flowsim replay and show take --target {quoted(name)}"
        return SettingError(f"no {what} {name!r}; it looks like an address: {remedy}")
    is_option = others == _ANY
    return unknown_code(name, families, what, shipped(), _EVERY, has_option=is_option)


_EVERY = f"a name of `flowsim scenarios`, or {EVENT_CODE}"
