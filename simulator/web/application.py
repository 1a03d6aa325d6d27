"""What every application of ours starts as: quick routes, and 503 where flowsim lacks resources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.routing import Rule

from ..errors import exhaustion


def named(name: str) -> Flask:
    """Return an application without routes and static files; adding a route takes little time.

    A request that fails because flowsim lacks memory, threads or files gets 503 with a sentence,
    in the form in which the application refuses requests. Other exceptions stay what they are.
    """
    here = str(Path(__file__).parent)  # Flask looks for it otherwise, by the name
    app = Flask(name, static_folder=None, instance_path=here, root_path=here)
    app.url_rule_class = _MatchedRule

    @app.errorhandler(Exception)
    def explain(error: Exception) -> ResponseReturnValue:
        if isinstance(error, HTTPException):
            return error
        lack = exhaustion(error)
        if lack is None:
            raise error
        return app.handle_http_exception(ServiceUnavailable(str(lack)))

    return app


class _MatchedRule(Rule):
    """A rule that matches paths as any does, and whose builders of URLs are compiled at each call.

    Werkzeug compiles two with each rule, which takes three times as long as all else that the
    application of the events service is made of.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build
