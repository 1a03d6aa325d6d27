"""What a client asks a proxy for, and whether it may have it."""

from __future__ import annotations

from collections.abc import Collection

HTTPS = "443"


def refusal(head: bytes, hosts: Collection[str]) -> str | None:
    """Return why a request is refused, in a sentence; none if it asks for one of the hosts.

    ``head`` is the request down to its blank line. Only ``CONNECT`` to port 443 is granted.
    """
    method, _, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
    target, _, version = rest.rpartition(" ")
    if not version.startswith("HTTP/1."):
        return "this is a proxy for HTTPS: expected CONNECT host:443 HTTP/1.1"
    if method != "CONNECT":
        return f"{_shown(target)} is not fetched: this proxy grants only https:// addresses"
    host, _, port = target.rpartition(":")
    if host.lower() in hosts and port == HTTPS:
        return None
    return (
        f"{_shown(target)} is out of reach: nothing leaves this machine, and this proxy answers "
        f"only for port {HTTPS} of {', '.join(hosts)}; name hosts of yours in NO_PROXY"
    )


def _shown(target: str) -> str:
    """Return as much of an address as a sentence can bear, without what it keeps secret."""
    bare = target.partition("?")[0].rpartition("@")[2]
    return repr(bare[:100])
