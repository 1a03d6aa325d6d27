"""What kind of application a target is: called as WSGI says, or as ASGI says."""

from __future__ import annotations

import inspect
from typing import Any, Literal

from ..errors import TargetError

Kind = Literal["wsgi", "asgi"]

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)

_EXPECTED = (
    "expected an address, a WSGI application (called with environ and start_response) or an "
    "ASGI application (called with scope, receive and send)"
)


def kind_of(app: Any) -> Kind:
    """Return how an application is called, judged by what it takes.

    Flask, Django, FastAPI, Starlette, Quart and middleware around them are recognised by the
    number of their arguments alone. Raises ``TargetError`` that says what to give instead.
    """
    if not callable(app):
        raise TargetError(f"{_named(app)} cannot be called; {_EXPECTED}")
    if inspect.isclass(app):
        raise TargetError(f"{_named(app)} is a class; give an application made of it")
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        raise TargetError(f"{_named(app)} does not tell what it takes; {_EXPECTED}") from None
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        return "asgi" if _is_coroutine(app) else "wsgi"
    needed = sum(each.kind in _POSITIONAL and each.default is each.empty for each in parameters)
    if needed == 3:
        return "asgi"
    if needed == 2 and not _is_coroutine(app):
        return "wsgi"
    if not parameters:
        raise TargetError(f"{_named(app)} takes no arguments; if it makes an application, call it")
    raise TargetError(f"{_named(app)} is called otherwise; {_EXPECTED}")


def _is_coroutine(app: Any) -> bool:
    return any(map(inspect.iscoroutinefunction, (app, type(app).__call__)))


def _named(app: Any) -> str:
    name = getattr(app, "__qualname__", None) or f"a {type(app).__qualname__}"
    return f"the target, {name},"
