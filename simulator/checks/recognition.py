"""What answers in the place of a webhook: a login page, a wrong path, or a server that says yes.

It is recognised before anything is judged, since each check would only describe it again.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from ..core.challenge import is_echoed
from ..core.outcome import Outcome, header, location
from ..core.targets import with_query
from ..delivery.transport import Client
from .observation import Exchange, received

_LOGIN = re.compile(rb"type=.?password|sign[ -]?in|log[ -]?in", re.IGNORECASE)
_LOGIN_ADDRESS = re.compile(r"log-?in|sign-?in|auth|sso|saml", re.IGNORECASE)
_NOT_THERE = (404, 410)
_OTHER_METHODS = (405, 501)
_NONSENSE = b"no event, no JSON"
_TEXT = {"content-type": "text/plain"}


async def recognise(exchange: Exchange, client: Client) -> str:
    """Return what the answer to a first, correct event shows to be no webhook; empty if it may be.

    Some more requests are made to find out.
    """
    if _is_login(exchange):
        where = location(exchange.outcome)
        return f"this looks like a login page{f' at {where}' if where else ''}"
    if exchange.status in _OTHER_METHODS:
        return f"this answers {exchange.status} to POST: it takes no POST at this path"
    if exchange.status in _NOT_THERE:
        return await _what_is_not_there(exchange, client)
    if exchange.is_accepted and await _accepts_everything(exchange.url, client):
        return (
            f"this answers {exchange.status} to everything, at other paths too, and echoes no "
            "challenge: it does not read the requests"
        )
    return ""


def _is_login(exchange: Exchange) -> bool:
    status, outcome = exchange.status, exchange.outcome
    if 300 <= status < 400:
        return _LOGIN_ADDRESS.search(location(outcome)) is not None
    is_page = header(outcome, "content-type").startswith("text/html")
    may_ask = status in (200, 401, 403)
    return is_page and may_ask and _LOGIN.search(outcome.body) is not None


async def _what_is_not_there(exchange: Exchange, client: Client) -> str:
    asked = await client.send(with_query(exchange.url, "challenge=a"), {}, b"", "GET")
    if asked.status_code in _NOT_THERE:
        return f"nothing listens at this path: it answers {exchange.status} to GET and to POST"
    nonsense = await client.send(exchange.url, _TEXT, _NONSENSE)
    if nonsense.status_code not in _NOT_THERE:  # the webhook itself says that something is missing
        return ""
    return f"this answers {exchange.status} to POST, and {asked.status_code} to GET"


async def _accepts_everything(url: str, client: Client) -> bool:
    """Return whether a challenge, and nonsense here and at another path, get a 2xx too."""
    for each in (url, urljoin(url, "flowsim-asks-for-nothing")):
        if not _is_yes(await client.send(each, _TEXT, _NONSENSE)):
            return False
    word = "flowsim-asks-for-an-echo"
    asked = await client.send(with_query(url, f"challenge={word}"), {}, b"", "GET")
    return _is_yes(asked) and not is_echoed(asked, word)


def _is_yes(outcome: Outcome) -> bool:
    return 200 <= outcome.status_code < 300


def obstacle_of(exchange: Exchange) -> str:
    """Return why no event can be judged after this answer to the first one; empty if it can."""
    if not exchange.is_answered or 300 <= exchange.status < 400:
        return f"the webhook does not answer events: {received(exchange)}"
    return ""
