"""What an application of ours answers while flowsim lacks memory, threads or files."""

from __future__ import annotations

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from ..errors import exhaustion


def explain(app: Flask) -> None:
    """Let a request that fails for want of them get 503 with a sentence, as the app says no.

    Every other exception stays what it is.
    """

    @app.errorhandler(Exception)
    def say(error: Exception) -> ResponseReturnValue:
        if isinstance(error, HTTPException):
            return error
        lack = exhaustion(error)
        if lack is None:
            raise error
        return app.handle_http_exception(ServiceUnavailable(str(lack)))
