"""What kind of application a target is: called as WSGI says, or as ASGI says."""

from __future__ import annotations

import inspect
from typing import Any, Literal

from ..errors import TargetError

Kind = Literal["wsgi", "asgi"]

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
    call = app if inspect.isroutine(app) else type(app).__call__.__get__(app)
    try:
        parameters = inspect.signature(call).parameters.values()
    except (TypeError, ValueError):
        raise TargetError(f"{_named(app)} does not tell what it takes; {_EXPECTED}") from None
    return _by_arguments(app, list(parameters), _is_coroutine(app, call))


def _by_arguments(app: Any, parameters: list[inspect.Parameter], coroutine: bool) -> Kind:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    taken = [each for each in parameters if each.kind in positional]
    needed = sum(each.default is each.empty for each in taken)
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        return "asgi" if coroutine or needed == 3 else "wsgi"
    if needed <= 3 <= len(taken) and (coroutine or needed == 3):
        return "asgi"
    if needed <= 2 <= len(taken) and not coroutine:
        return "wsgi"
    if needed == 0:
        raise TargetError(f"{_named(app)} takes no arguments; if it makes an application, call it")
    raise TargetError(f"{_named(app)} is called otherwise; {_EXPECTED}")


def _is_coroutine(app: Any, call: Any) -> bool:
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(call)


def _named(app: Any) -> str:
    name = getattr(app, "__qualname__", None) or f"a {type(app).__qualname__}"
    return f"the target, {name},"
