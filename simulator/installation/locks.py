"""Locks on open files and folders. The system keeps them, so they end with their process."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import errno
    import msvcrt
    import os

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
        """Tell whether a file is locked elsewhere, or cannot be locked at all."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        return False
