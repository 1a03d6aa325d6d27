"""The Flask application of every server: fast routes, and 503 if resources are missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.routing import Rule

from ..runtime.breakdowns import exhaustion


def named(name: str) -> Flask:
    """Return an application without routes and static files, to which routes are added fast.

    A request that fails because flowsim lacks memory, threads or files gets 503 with a sentence,
    in the form in which the application refuses requests. Other exceptions stay what they are.
    """
    here = str(Path(__file__).parent)  # otherwise Flask searches for it by the name
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
    """A rule that compiles its builders of URLs only when they are called.

    Werkzeug compiles two with each rule. That takes three times as long as everything else in
    making the application of the events service.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build
