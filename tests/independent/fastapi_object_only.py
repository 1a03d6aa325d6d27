"""Accept one JSON object only, as a parameter `event: dict` does, and no array (item 32)."""

from __future__ import annotations

from collections.abc import Mapping

from .common.envelopes import Event, UnreadableError, parsed
from .common.webhook import RefusedError, Webhook
from .fastapi_base import serve


class ObjectOnly(Webhook):
    """A batch gets the 422 of FastAPI, and is dropped."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:
        """Return the one event of a body."""
        try:
            if isinstance(parsed(body), list):
                raise RefusedError(422, "Input should be a valid dictionary")
        except UnreadableError as error:
            raise RefusedError(400, str(error)) from error
        return super().read(body, headers)


if __name__ == "__main__":
    serve(ObjectOnly)
