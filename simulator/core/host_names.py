"""Host names that are not ASCII, in the form in which DNS and HTTP have them (IDNA 2008)."""

from __future__ import annotations

import re

from ..errors import TargetError

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*?)((?::[0-9]*)?)([/?#].*|)", re.DOTALL)
_LONGEST = 253
_SHOWN = 100


def ascii_host(host: str) -> str:
    """Return a host name with its labels in ASCII, as in ``xn--bcher-kva.example``.

    Labels that are ASCII stay as they are. Raises ``TargetError`` for a name that has no such
    form, and for one that only looks unlike ASCII: programs differ in what they take it for.
    """
    if host.isascii():
        return host
    if len(host) > _LONGEST:
        raise _refusal(host, f"more than {_LONGEST} characters")
    return ".".join(each if each.isascii() else _encoded(each, host) for each in host.split("."))


def ascii_url(url: str) -> str:
    """Return an address with its host in ASCII; all else stays letter for letter.

    Raises ``TargetError`` as ``ascii_host``.
    """
    if url.isascii():
        return url
    parts = _ADDRESS.fullmatch(url)
    if parts is None or "@" in parts[2]:
        return url
    return f"{parts[1]}{ascii_host(parts[2])}{parts[3]}{parts[4]}"


def _encoded(label: str, host: str) -> str:
    import idna  # most hosts are ASCII

    try:
        encoded = idna.encode(label, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise _refusal(host, str(error)[:_SHOWN]) from None
    if not encoded.startswith("xn--"):
        raise _refusal(host, f"{label[:_SHOWN]!r} stands for {encoded[:_SHOWN]!r}: write it so")
    return encoded


def _refusal(host: str, reason: str) -> TargetError:
    return TargetError(f"{host[:_SHOWN]!r} is no host name ({reason})")
