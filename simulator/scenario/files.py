"""Finds scenario files by path or name, and reads them."""

from __future__ import annotations

import sys
from collections.abc import Collection
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path as FilePath

from ..core import targets
from ..core.shell_words import quoted
from ..errors import SettingError
from ..files.document import Document
from ..files.text_files import LARGEST, decode, is_at, text_of
from ..files.yaml_documents import parse_text

_SHIPPED = (
    FilePath(__file__).parents[1] / "scenarios",
    FilePath(__file__).parents[2] / "scenarios",
)


@cache
def shipped() -> dict[str, FilePath]:
    """Return the scenarios that are shipped with flowsim: name → file, sorted by name."""
    folder = next(folder for folder in _SHIPPED if folder.is_dir())
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find(name: str) -> FilePath:
    """Return the file at a path, or the shipped scenario of that name.

    Raises ``SettingError`` that lists the nearest names.
    """
    path = FilePath(name)
    known = shipped()
    if name in known and not is_at(path, FilePath.is_file):
        return known[name]
    if name and is_at(path, FilePath.exists):
        return path
    raise SettingError(f"no scenario file or name {name!r}; {_hint(name, known)}")


def read_shipped(name: str) -> Document:
    """Return a shipped scenario, never a file of the user.

    Raises ``SettingError`` that lists the nearest names.
    """
    known = shipped()
    if name not in known:
        raise SettingError(f"no shipped scenario {name!r}; {_hint(name, known)}")
    return read(str(known[name]))


def _hint(name: str, known: Collection[str]) -> str:
    if targets.is_plain(name):
        return f"it looks like an address: flowsim replay and show take --target {quoted(name)}"
    near = get_close_matches(name.removesuffix(".yaml"), known, 1)
    return f"did you mean {near[0]}?" if near else f"shipped are {', '.join(known)}"


def read(name: str) -> Document:
    """Return the document at a path, a shipped name, or ``-`` for standard input.

    Raises ``SettingError`` if it cannot be found or read, ``ScenarioError`` if it is not YAML.
    """
    file, text = read_text(name)
    if file in (str(path) for path in shipped().values()):
        return _parse_once(text, file)
    return parse_text(text, file)


_parse_once = lru_cache(maxsize=32)(parse_text)
"""Parses shipped scenarios; a service uses the same ones again and again."""


def read_text(name: str) -> tuple[str, str]:
    """Return the printable name of a file and its text; raises as ``read`` does."""
    if name == "-":
        return "<stdin>", decode(sys.stdin.buffer.read(LARGEST + 1), "<stdin>")
    return text_of(find(name), "a scenario file")
