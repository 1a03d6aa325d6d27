"""Our hosts during a check run: one serves keys, the other one must never get a request."""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from ..adobe_clients.connect_proxy import ConnectProxy
from ..core.host_names import bracketed, ip_of
from ..core.served_hosts import Served
from ..delivery.key_answers import KeyAnswers
from ..errors import SettingError
from ..faults.signature import foreign_pem
from ..installation import authority, settings
from ..receiver import local_hosts
from ..runtime import system_limits
from .options import CheckOptions
from .visits import Visits


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where our hosts listen, as ``127.0.0.1:4020``, and all requests to them.

    ``foreign`` speaks what the key host is asked in, ``foreign_http`` plain HTTP. ``tls_port`` is
    where the key host speaks HTTPS, ``proxy_port`` where a proxy leads there; if there are any.
    """

    keys: str
    foreign: str
    foreign_http: str
    visits: Visits
    tls_port: int | None
    proxy_port: int | None


@contextlib.contextmanager
def opened(
    options: CheckOptions, answers: KeyAnswers, refused: Callable[[str], None] = lambda _: None
) -> Iterator[Hosts]:
    """Serve both hosts, and the proxy if one is asked for; ``refused`` gets reasons of refusals.

    With a TLS port the key host speaks HTTPS there too, as static.adobeioevents.com does; and
    so does the foreign host on a port of its own, for requests that lead to it from there. The
    proxy leads to it as well: such a request would not be seen otherwise. Raises ``SettingError``
    if a port cannot be had, or ``host`` is no address to go to.
    """
    host, tls_port, proxy_port = options.host, options.tls_port, options.proxy_port
    _expect_address(host)
    is_secure = tls_port is not None or proxy_port is not None
    system_limits.allow_threads(local_hosts.THREADS * (4 if is_secure else 2))
    visits, served = Visits(), Served(host, options.names)
    serve = partial(local_hosts.noted_host, served=served, refused=refused)

    def key(path: str) -> bytes:
        return answers.pem(posixpath.normpath(path))

    def foreign_key(_: str) -> bytes:
        return foreign_pem()

    at_keys = partial(serve, pem=key, visited=partial(visits.note, "keys"))
    at_foreign = partial(serve, pem=foreign_key, visited=partial(visits.note, "foreign"))

    with contextlib.ExitStack() as stack:
        if options.key_host is not None:
            keys = stack.enter_context(options.key_host(key, partial(visits.note, "keys")))
        else:
            keys = _authority(host, stack.enter_context(at_keys(options.keys_port)))
        foreign = foreign_http = _authority(host, stack.enter_context(at_foreign(0)))
        if is_secure:
            tls = authority.load(settings.authority_folder()).server_context(*served.stated)
            tls_port = stack.enter_context(at_keys(tls_port or 0, tls=tls))
            foreign_port = stack.enter_context(at_foreign(0, tls=tls))
            foreign = _authority(host, foreign_port)
            if proxy_port is not None:
                proxy = ConnectProxy(host, proxy_port, tls_port, {foreign: foreign_port})
                proxy_port = stack.enter_context(proxy).port
        yield Hosts(keys, foreign, foreign_http, visits, tls_port, proxy_port)


def _authority(host: str, port: int) -> str:
    return f"{bracketed(host)}:{port}"


def _expect_address(host: str) -> None:
    """Raise ``SettingError`` for an address that is only for listening, such as 0.0.0.0."""
    ip = ip_of(host)
    if not host.strip() or (ip is not None and ip.is_unspecified):
        raise SettingError(
            f"no webhook can reach {host.strip() or 'an empty host'}: name the address at which "
            "the webhook reaches this machine, as in 172.17.0.1 for a container"
        )
