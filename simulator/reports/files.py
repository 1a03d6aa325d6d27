"""Files that a command writes at its end, where the user wants them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from ..errors import SettingError


def expect_writable(path: Path) -> None:
    """Make the folder of a file that is written later, and say at once if it cannot be.

    What the file holds stays until then. Raises ``SettingError``.
    """
    with _explained(path):
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
    with _explained(path):
        path.write_text(text, encoding="utf-8", errors="backslashreplace")


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise SettingError(f"cannot write {path}: {path.parent} is not a folder") from None
    except OSError as error:
        raise SettingError(f"cannot write {path}: {error.strerror or error}") from None
