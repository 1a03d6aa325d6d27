"""Text files of users: found, bounded, decoded, with the reason if they cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..core.printable import printable
from ..core.system_reasons import reason_of
from ..errors import Problem, ScenarioError, UnreadFileError
from . import texts

ENDINGS = (".yaml", ".yml")
"""Endings of the names of YAML files."""

LARGEST = 16 * 2**20
"""The largest file, in bytes."""


def is_at(path: Path, test: Callable[[Path], bool]) -> bool:
    """Tell whether a test such as ``Path.is_file`` holds; false for an impossible name."""
    try:
        return test(path)
    except (OSError, ValueError):  # the name is too long, or has a zero byte
        return False


def files_in(folder: Path) -> str:
    """Return a pattern for the YAML files in a folder, as ``scenarios/*.yaml``, or ``''``."""
    endings = (ending for ending in ENDINGS if any(folder.glob(f"*{ending}")))
    ending = next(endings, None)
    return printable(str(folder / f"*{ending}")) if ending else ""


def text_of(path: Path, wanted: str) -> tuple[str, str]:
    """Return the printable name of a file and its text; messages say what was ``wanted``.

    Raises ``UnreadFileError`` if it cannot be read, ``ScenarioError`` if it is not text.
    """
    called = printable(str(path))
    if is_at(path, Path.is_dir):
        files = files_in(path)
        hint = f"; name its files, as in {files}" if files else ""
        raise UnreadFileError(path, "a folder", f"{wanted}{hint}")
    try:
        with path.open("rb") as file:
            return called, decode(file.read(LARGEST + 1), called)
    except OSError as error:
        raise UnreadFileError(path, reason_of(error), wanted) from None
    except ValueError:  # the name has a zero byte
        raise UnreadFileError(path, "not a name of a file", wanted) from None


def decode(raw: bytes, file: str) -> str:
    """Return the text of a file; raises ``ScenarioError`` if it is none, or too large."""
    if len(raw) > LARGEST:
        raise ScenarioError([Problem(file, 1, 1, "", "a file above 16 MiB", "a smaller file")])
    try:
        return texts.decode(raw)
    except texts.NoTextError as error:
        problem = Problem(file, error.line, error.column, "", error.found, error.expected)
        raise ScenarioError([problem]) from None
