"""What a client asks a proxy for, and whether it may have it."""

from __future__ import annotations

from collections.abc import Collection

HTTPS = "443"


def refusal(head: bytes, hosts: Collection[str], places: Collection[str] = ()) -> str | None:
    """Return why a request is refused, in a sentence; none if it asks for one of the hosts.

    ``head`` is the request down to its blank line. Only ``CONNECT`` is granted: to port 443 of
    the hosts, and to ``places``, which are stated with their ports.
    """
    method, target, version = _first_line(head)
    if not version.startswith("HTTP/1."):
        return "this is a proxy for HTTPS: expected CONNECT host:443 HTTP/1.1"
    if method != "CONNECT":
        return f"{_shown(target)} is not fetched: this proxy accepts only https:// addresses"
    host, _, port = target.rpartition(":")
    if target in places or (host.lower() in hosts and port == HTTPS):
        return None
    return (
        f"{_shown(target)} cannot be reached: no connection leaves this machine, and this proxy "
        f"serves only port {HTTPS} of {', '.join(hosts)}; add hosts of your own to NO_PROXY"
    )


def target_of(head: bytes) -> str:
    """Return what a request asks for, as in ``api.adobe.io:443``."""
    return _first_line(head)[1]


def _first_line(head: bytes) -> tuple[str, str, str]:
    """Return method, target and version; what is not there is empty."""
    method, _, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
    target, _, version = rest.rpartition(" ")
    return method, target, version


def _shown(target: str) -> str:
    """Return as much of an address as a sentence can bear, without what it keeps secret."""
    bare = target.partition("?")[0].rpartition("@")[2]
    return repr(bare[:100])
