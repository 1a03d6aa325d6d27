"""What every application of ours starts as: it has no static files, and never builds a URL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule


def named(name: str) -> Flask:
    """Return an application without routes; a route that it is given is made in little time."""
    app = Flask(name, static_folder=None)
    app.url_rule_class = _MatchedRule
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
