"""Bearer tokens: which requests are accepted by a strict service (6.1, 6.8)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from ...core.instant import to_ms
from ...errors import ApiError, GatewayError
from ...runtime.chance import draw_token
from ...runtime.clock import Present
from ..database.database import Database
from ..installation import Installation

LIFETIME = timedelta(hours=24)
"""How long a token of ``give`` is valid."""

_LONGEST = 128
"""Characters of a client id, at most (6.4)."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The installation's own token, and tokens that it has given; of these only hashes are kept."""

    database: Database
    clock: Present
    installation: Installation

    def give(self, client_id: str, client_secret: str, own_only: bool) -> str:
        """Return a new token, valid for ``LIFETIME``.

        Raises ``ApiError`` 400 for a credential that is not complete or, with ``own_only``, not
        that of this installation.
        """
        own = self.installation
        if not 0 < len(client_id) <= _LONGEST or (own_only and not _same(client_id, own.client_id)):
            raise ApiError(400, "invalid_client", "invalid client_id parameter")
        if not client_secret or (own_only and not _same(client_secret, own.client_secret)):
            raise ApiError(400, "invalid_client", "invalid client_secret parameter")
        token, now = f"flowsim.{draw_token()}", self.clock.now()
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM token WHERE expires_ms < ?", (to_ms(now),))
            connection.execute(
                "INSERT INTO token VALUES (?, ?, ?)",
                (_hash(token), client_id, to_ms(now + LIFETIME)),
            )
        return token

    def check(self, authorization: str | None, api_key: str | None) -> None:
        """Raise ``GatewayError`` 401 for an unknown token, 403 for an unknown api key."""
        self.check_token(authorization)
        if not _same(api_key or "", self.installation.client_id):
            raise GatewayError(403, "403000", "Api Key is invalid")

    def check_token(self, authorization: str | None) -> None:
        """Raise ``GatewayError`` 401 for an unknown token."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not self._is_known(token.strip()):
            raise GatewayError(401, "401013", "Oauth token is not valid")

    def _is_known(self, token: str) -> bool:
        if _same(token, self.installation.token):
            return True
        row = self.database.row("SELECT expires_ms FROM token WHERE hash = ?", _hash(token))
        return row is not None and int(row[0]) > to_ms(self.clock.now())


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
