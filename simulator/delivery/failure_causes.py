"""Why a webhook is not reached: from the error of the HTTP client to a sentence.

The webhook is observed again if the error alone does not show the cause. ``wait_for`` waits until
a webhook is reached.
"""

from __future__ import annotations

import errno
import re
import ssl
from collections.abc import Awaitable, Callable

from httptools import HttpParserError

from ..core import causes, targets
from ..core.duration import spell
from ..errors import UnreachableError
from ..runtime.breakdowns import exhaustion
from ..runtime.clock import pause, present, stopwatch
from . import looks
from .http_connecting import Connector, Endpoint, SocketAddresses, endpoint_of
from .http_connection import CutError, LateError, NotHttpError
from .looks import SharedObservations, TlsObservation, certificate_of, other_listener

_MOST_ANSWERED = 1_000
_LONGEST = 400

_CONNECT_LIMIT = 5.0
_INTERVAL = 0.1

_NUMBERS = {
    errno.EHOSTUNREACH: "there is no route to the host",
    errno.ENETUNREACH: "there is no route to the network of the host",
    errno.EADDRNOTAVAIL: "this machine has no address from which it could connect there",
    errno.EACCES: "this machine does not allow connections there",
    errno.EPERM: "this machine does not allow connections there",
}


class Causes:
    """Says why attempts fail; ``places`` returns the addresses of an endpoint."""

    def __init__(
        self, timeout: float, places: Callable[[Endpoint], Awaitable[SocketAddresses]]
    ) -> None:
        self.timeout = timeout
        self._places = places
        self._sights = SharedObservations(self._look)
        self._loopbacks = SharedObservations(other_listener)
        self._answered: set[Endpoint] = set()

    def answered(self, where: Endpoint) -> None:
        """Note that an endpoint answers requests: its protocol need not be observed."""
        if len(self._answered) >= _MOST_ANSWERED:
            self._answered.clear()
        self._answered.add(where)

    async def of(self, url: str, error: Exception) -> str:
        """Return why an attempt failed."""
        try:
            where = endpoint_of(url)
        except ValueError:
            return plain(error, self.timeout)
        if is_refused(error):
            return causes.refused(await self._loopbacks.at(where))
        if isinstance(error, ssl.SSLError) and where.secure:
            return _of_tls(error, await self._sights.at(where), where)
        if isinstance(error, LateError) and error.stage == "answer":
            self.answered(where)  # what speaks another protocol does not wait
        if isinstance(error, CutError) and not error.came and where not in self._answered:
            return await self._of_cut(error, where)
        return plain(error, self.timeout)

    async def _of_cut(self, error: CutError, where: Endpoint) -> str:
        """Return why a connection ended: plain HTTP and TLS that do not meet often end so."""
        sight = await self._sights.at(where)
        if where.secure and causes.is_plain_http(sight.answer):
            return causes.SPEAKS_PLAIN
        if not where.secure and causes.is_tls(sight.answer):
            return causes.SPEAKS_TLS
        return plain(error, self.timeout)

    async def _look(self, where: Endpoint) -> TlsObservation:
        try:
            return await looks.observe_tls(await self._places(where), where.host)
        except (OSError, ValueError):
            return TlsObservation()


def _of_tls(error: ssl.SSLError, sight: TlsObservation, where: Endpoint) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        found = certificate_of(sight.certificate) if sight.certificate else None
        return causes.untrusted(
            error.verify_code, error.verify_message, found, where.host, present()
        )
    if isinstance(error, ssl.SSLEOFError) and not sight.answer:
        return causes.cut("handshake", 0, was_reset=False)
    return causes.no_handshake(error.reason or str(error), sight.answer)


def is_refused(error: BaseException) -> bool:
    """Return whether a connection was refused, at one or at several addresses."""
    if isinstance(error, ConnectionRefusedError):
        return True
    return isinstance(error, OSError) and errno.ECONNREFUSED in _numbers(error)


def _numbers(error: OSError) -> list[int]:
    """Return the error numbers of an ``OSError``, which may stand for several errors."""
    if error.errno:
        return [error.errno]
    return [int(number) for number in re.findall(r"\[Errno (\d+)\]", str(error))]


def plain(error: Exception, timeout: float) -> str:
    """Return why an attempt failed, from its error alone; ``timeout`` is in seconds."""
    if isinstance(error, LateError):
        return causes.late(error.stage, timeout, error.came)
    if isinstance(error, CutError):
        return causes.cut(error.stage, error.came, was_reset=error.was_reset)
    if isinstance(error, NotHttpError):
        return causes.not_http(error.answer, str(error))
    if isinstance(error, HttpParserError):
        return causes.not_http(b"", str(error))
    if is_refused(error):
        return causes.refused()
    return _of_system(error)


def _of_system(error: Exception) -> str:
    numbers = _numbers(error) if isinstance(error, OSError) else []
    known = next((_NUMBERS[each] for each in numbers if each in _NUMBERS), None)
    if known is not None:
        return known
    text = str(getattr(error, "strerror", None) or error)
    return " ".join(text.split())[:_LONGEST] or type(error).__name__


async def wait_for(
    url: str,
    seconds: float = 0.0,
    option: str = "--wait 30s",
    waits: Callable[[str], None] = lambda _: None,
) -> None:
    """Return once a TCP connection to the webhook succeeds.

    Tries again for ``seconds``, and calls ``waits`` once with a sentence if it has to. Then raises
    ``UnreachableError``, which names ``option`` as the way to have more time, if none was
    given. Raises ``ExhaustedError`` if flowsim cannot try.
    """
    endpoint = Endpoint(*targets.host_and_port(url), secure=False)
    deadline = stopwatch() + seconds
    while problem := await _problem_of(endpoint):
        if stopwatch() >= deadline:
            remedy = _remedy(seconds, option)
            if problem == causes.refused() and (other := await other_listener(endpoint_of(url))):
                problem, remedy = causes.refused(other), ""
            raise UnreachableError(f"no webhook answers at {url} ({problem}){remedy}")
        waits(f"waiting for a webhook at {url}, {spell(seconds)} at most ({problem})")
        waits = lambda _: None  # noqa: E731 - it is said once
        await pause(_INTERVAL)


def _remedy(waited: float, option: str) -> str:
    """Return the advice for a webhook that gave no answer in ``waited`` seconds."""
    if not waited:
        return f"; start it, or give it time with {option}"
    return f", and did not within {spell(waited)}; start it there, or name its address"


async def _problem_of(endpoint: Endpoint) -> str:
    """Return why a TCP connection fails; nothing if it succeeds."""
    try:
        connection = await Connector(False, None).connect(endpoint, _CONNECT_LIMIT)
    except (OSError, ValueError) as error:
        if (lack := exhaustion(error)) is not None:
            raise lack from None
        return plain(error, _CONNECT_LIMIT)
    connection.close()
    return ""
