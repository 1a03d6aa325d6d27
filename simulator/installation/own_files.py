"""Files of this installation: made at first use, whole or not at all, and locked while in use.

The system keeps the locks, so they end with their process.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

from ..core.system_reasons import folder_reason
from ..errors import KeyFileError
from ..runtime.breakdowns import exhaustion


def make_once(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder as ``fill`` fills it, all or nothing; what another process made stays."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
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
    draft = _draft_of(path)
    try:
        with _made(draft, mode) as file:
            file.write(content)
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):  # what is left of it would fill the disk
            draft.unlink()
        raise


def write_locked(path: Path, content: bytes, mode: int) -> BinaryIO:
    """Write a file as ``write`` does and return it open: it is locked until it is closed.

    It is locked before others see it. On Windows it is not, since an open file cannot take the
    place of another there; nor is it on a file system without locks.
    """
    if sys.platform == "win32":
        write(path, content, mode)
        return path.open("rb")
    draft = _draft_of(path)
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(_made(draft, mode))
        with contextlib.suppress(OSError):
            lock(file.fileno())
        file.write(content)
        file.flush()
        draft.replace(path)
        stack.pop_all()
    return file


def keep_private(path: Path, remedy: str) -> None:
    """Let only its owner read a file, and warn if others could until now.

    ``remedy`` says what to do if one of them has. Raises ``OSError`` if there is no such file.
    """
    if sys.platform == "win32" or not _others_may(path):
        return
    with contextlib.suppress(OSError):
        path.chmod(path.stat().st_mode & 0o700)
    if _others_may(path):
        _warn(f"{path}: its mode lets others read it; set FLOWSIM_HOME where chmod 600 works")
    else:
        _warn(f"{path}: its mode let others read it, and is 600 now; {remedy}")


def _others_may(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


@cache
def _warn(sentence: str) -> None:
    """Write a warning once to standard error, or to the log of a program that imports flowsim."""
    import logging

    logging.getLogger("flowsim").warning("warning: %s", sentence)


def _draft_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def _made(path: Path, mode: int) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb")


@contextlib.contextmanager
def explained(folder: Path, unreadable: str, remedy: str) -> Iterator[None]:
    """Turn errors of the files in a folder into a ``KeyFileError`` of one sentence.

    ``unreadable`` says what is wrong with damaged files, ``remedy`` how to make damaged or
    missing files anew.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # locks are used without it

    try:
        yield
    except OSError as error:
        if (lack := exhaustion(error)) is not None:
            raise lack from None
        place = Path(error.filename or folder)
        if isinstance(error, FileNotFoundError) and folder.is_dir():
            raise KeyFileError(place, f"is missing; {remedy}") from None
        reason = folder_reason(error)
        raise KeyFileError(place, f"{reason}; set FLOWSIM_HOME to a folder of yours") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(folder, f"{unreadable}; {remedy}") from None


if sys.platform == "win32":
    import msvcrt

    _PLACE = 1 << 30
    """Which byte is locked: one that is not there, since a locked byte cannot be read."""

    def lock(descriptor: int) -> bool:
        """Lock a file until it is closed; return false if another process has locked it.

        Raises ``OSError`` if it cannot be locked at all.
        """
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLK):
                return False
            raise
        return True

else:
    import fcntl

    def lock(descriptor: int) -> bool:
        """Lock a file or folder until it is closed; return false if it is locked already.

        Raises ``OSError`` if it cannot be locked at all, as on some file systems.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_locked(descriptor: int) -> bool:
        """Tell whether another process has locked a file, or it cannot be locked at all."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        return False
