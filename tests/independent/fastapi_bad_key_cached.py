"""Keep whatever the key URL answers for a day, also an error page (item 15)."""

from __future__ import annotations

import urllib.error
import urllib.request

from .common.signatures import Keys, KeyUnavailableError
from .common.webhook import Webhook
from .fastapi_base import serve


class AnyAnswer(Keys):
    """One 404 of the key host makes every signature of that key unusable for a day."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.pages: dict[str, bytes] = {}

    def pem(self, path: str) -> bytes:
        """Return what the key host once answered for a path."""
        if path not in self.pages:
            self.pages[path] = self.fetched(path)
        return self.pages[path]

    def fetched(self, path: str) -> bytes:
        """Return the answer of the key host without a look at its status."""
        try:
            with urllib.request.urlopen(self.host + path, timeout=4) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as answer:
            return bytes(answer.read())
        except OSError as error:
            raise KeyUnavailableError(str(error)) from error


class BadKeyCached(Webhook):
    """A correct webhook but for its keys."""

    keys_class = AnyAnswer


if __name__ == "__main__":
    serve(BadKeyCached)
