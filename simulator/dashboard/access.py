"""Who may change something through the pages: the browser that was opened with the token.

Local ports share cookies: a page of another local server can make a browser send ours. So a
change needs the cookie and also an ``Origin`` that is this server's own.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Response, redirect, request

from ..core import adobe_hosts
from ..errors import ApiError
from ..web import hosts

PARAMETER = "token"
"""The query parameter of the first visit."""

_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class PageAccess:
    """The token of one dashboard; ``command`` prints the address that has it.

    With ``guards_reading`` the pages are shown only to a browser that has the token.
    """

    token: str
    command: str
    guards_reading: bool = False

    def address(self, url: str) -> str:
        """Return the address of the first visit, where the pages are served at ``url``."""
        return f"{url}/?{urlencode({PARAMETER: self.token})}"

    def check(self) -> Response | None:
        """Let a request pass, or return the answer that keeps its token and hides it.

        Raises ``ApiError`` 403 for a change without our own Origin or without the token, 404 for
        a host name of Adobe: a browser would send the cookie to Adobe later.
        """
        _refuse_adobe_hosts()
        if request.method in _READING and PARAMETER in request.args:
            return self._first_visit()
        if request.method not in _READING:
            _expect_own_origin()
        if not self.is_known() and (self.guards_reading or request.method not in _READING):
            raise ApiError(403, "Forbidden", self._remedy())
        return None

    def may_read(self) -> bool:
        """Return whether the browser may see pages, under the host name that it asks for."""
        return hosts.name() not in adobe_hosts.ALL and (self.is_known() or not self.guards_reading)

    def is_known(self) -> bool:
        """Return whether the browser has the token of this dashboard."""
        return any(map(self._is_token, request.cookies.getlist(_cookie_name())))

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode("utf-8", "replace"), self.token.encode())

    def _first_visit(self) -> Response:
        """Keep the right token in a cookie; the address that follows has no token."""
        if not self._is_token(request.args[PARAMETER]):
            raise ApiError(403, "Forbidden", f"this token is of another start; {self._remedy()}")
        rest = [(name, value) for name, value in request.args.items(True) if name != PARAMETER]
        answer = redirect(quote(request.path) + (f"?{urlencode(rest)}" if rest else ""), 303)
        answer.set_cookie(_cookie_name(), self.token, httponly=True, samesite="Strict", path="/")
        return answer  # type: ignore[return-value]

    def _remedy(self) -> str:
        return f"open the address behind `dashboard:` that {self.command} has printed"


def _cookie_name() -> str:
    """Return the name of the cookie: browsers share cookies between the ports of a host."""
    return f"flowsim-{request.environ.get('SERVER_PORT', '')}"


def _refuse_adobe_hosts() -> None:
    if hosts.name() in adobe_hosts.ALL:
        text = "there are no pages under Adobe's host names; use the address behind `dashboard:`"
        raise ApiError(404, "Not Found", text)


def _expect_own_origin() -> None:
    """Raise ``ApiError`` 403 unless the page that asks came from the same address as this one.

    The API takes any name of this server. A page has the one in the address of the browser.
    """
    origin = request.headers.get("origin")
    if origin is None:
        raise ApiError(403, "Forbidden", "the header Origin is missing; use a browser, or the API")
    if origin != f"{request.scheme}://{hosts.authority()}":
        raise ApiError(403, "Forbidden", f"no web page of {origin[:100]!r} may change this")
