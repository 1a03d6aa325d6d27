"""Why the system refused something, in a few words: for the sentences of errors."""

from __future__ import annotations


def reason_of(error: OSError) -> str:
    """Return the reason of the system in a few words, as in ``permission denied``."""
    return (error.strerror or str(error)).lower()


def folder_reason(error: OSError) -> str:
    """Return in a few words why a folder cannot be made or used."""
    if isinstance(error, FileExistsError):
        return "not a folder"
    if isinstance(error, NotADirectoryError):
        return "a part of its path is not a folder"
    return reason_of(error)
