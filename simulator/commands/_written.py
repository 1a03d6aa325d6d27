"""Files that a command writes at its end, where the user wants them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from ..errors import SettingError


def expect_writable(path: Path) -> None:
    """Make the folder of a file that is written later, and tell at once if it cannot be.

    What the file holds stays until then. Raises ``SettingError``.
    """
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        path.open("ab").close()
        if is_new:
            path.unlink()


def write(path: Path, text: str) -> None:
    """Write a file in UTF-8. Raises ``SettingError``."""
    with _explained(path):
        path.write_text(text, encoding="utf-8", errors="backslashreplace")


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingError(f"cannot write {path}: {error.strerror or error}") from None
