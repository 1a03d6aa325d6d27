"""Texts as words of a shell command: the shell reads exactly that text, and it can be printed."""

from __future__ import annotations

import shlex


def quoted(text: str) -> str:
    """Return a text as one word of a POSIX shell.

    What cannot be printed goes through ``printf``, which shells build in; only line ends at the
    end of the text stay as they are, for ``$(…)`` would lose them.
    """
    if text.isprintable():
        return shlex.quote(text)
    begin = text.rstrip("\n")
    end = text[len(begin) :]
    return f'"$({printf(begin)})"' + (shlex.quote(end) if end else "")


def printf(text: str) -> str:
    """Return a command that writes a text, byte for byte."""
    if text.isprintable():
        return f"printf '%s' {shlex.quote(text)}"
    return f"printf '%b' {shlex.quote(''.join(map(_escaped, text)))}"


def _escaped(character: str) -> str:
    """Return a character as ``%b`` reads it: its bytes in octal, if it cannot be printed."""
    if character == "\\":
        return r"\\"
    if character.isprintable():
        return character
    return "".join(f"\\0{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
