"""Files of this installation that are made at first use, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm

from .errors import KeyFileError, exhaustion


def make_once(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder as ``fill`` fills it, all or nothing; what another process made stays."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fill(draft)
        try:
            draft.rename(folder)
        except OSError as error:  # another process was here first
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write(path: Path, content: bytes, mode: int) -> None:
    """Write a file whole or not at all, never readable by others while it grows."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):  # what is left of it would fill the disk
            draft.unlink()
        raise


@contextlib.contextmanager
def explained(path: Path, unreadable: str, remade: str) -> Iterator[None]:
    """Turn what goes wrong with files of a folder into one sentence, a ``KeyFileError``.

    ``unreadable`` says what a damaged file does not hold, ``remade`` what is made once the
    folder is gone.
    """
    try:
        yield
    except FileNotFoundError as error:
        reason = f"is missing; move the folder away and {remade}"
        raise KeyFileError(Path(error.filename or path), reason) from None
    except OSError as error:
        if (lack := exhaustion(error)) is not None:
            raise lack from None
        place = Path(error.filename) if error.filename else path
        raise KeyFileError(
            place, f"{error.strerror or error}; set FLOWSIM_HOME to a folder of yours"
        ) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(path, f"{unreadable}; move the folder away and {remade}") from None
