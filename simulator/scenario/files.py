"""Finds scenario files by path or name, and reads them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path as FilePath

from ..core import targets
from ..core.printable import printable
from ..core.shell_words import quoted
from ..errors import Problem, ScenarioError, SettingError, reason_of
from ..files import texts
from ..files.document import Document
from ..files.yaml_documents import parse_text

ENDINGS = (".yaml", ".yml")
"""Endings of the names of scenario files."""

LARGEST = 16 * 2**20
"""The largest scenario file, in bytes."""

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


def is_at(path: FilePath, test: Callable[[FilePath], bool]) -> bool:
    """Tell whether a test such as ``Path.is_file`` holds; false for an impossible name."""
    try:
        return test(path)
    except (OSError, ValueError):  # the name is too long, or has a zero byte
        return False


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


def files_in(folder: FilePath) -> str:
    """Return a pattern for the scenario files in a folder, as ``scenarios/*.yaml``, or ``''``."""
    endings = (ending for ending in ENDINGS if any(folder.glob(f"*{ending}")))
    ending = next(endings, None)
    return printable(str(folder / f"*{ending}")) if ending else ""


def read_text(name: str) -> tuple[str, str]:
    """Return the printable name of a file and its text; raises as ``read`` does."""
    if name == "-":
        return "<stdin>", _decode(sys.stdin.buffer.read(LARGEST + 1), "<stdin>")
    return text_of(find(name))


def text_of(path: FilePath, wanted: str = "a scenario file") -> tuple[str, str]:
    """Return the printable name of a file and its text; messages say what was ``wanted``.

    Raises ``SettingError`` if it cannot be read, ``ScenarioError`` if it is not text.
    """
    called = printable(str(path))
    if is_at(path, FilePath.is_dir):
        files = files_in(path)
        hint = f"; name its files, as in {files}" if files else ""
        raise SettingError(f"{path}: a folder; expected {wanted}{hint}")
    try:
        with path.open("rb") as file:
            return called, _decode(file.read(LARGEST + 1), called)
    except OSError as error:
        raise SettingError(f"{path}: {reason_of(error)}; expected {wanted}") from None
    except ValueError:  # the name has a zero byte
        raise SettingError(f"{path}: not a name of a file; expected {wanted}") from None


def _decode(raw: bytes, file: str) -> str:
    if len(raw) > LARGEST:
        raise ScenarioError([Problem(file, 1, 1, "", "a file above 16 MiB", "a smaller file")])
    try:
        return texts.decode(raw)
    except texts.NoTextError as error:
        problem = Problem(file, error.line, error.column, "", error.found, error.expected)
        raise ScenarioError([problem]) from None
