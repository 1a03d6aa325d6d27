"""What kind of application a target is."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette
from werkzeug.middleware.proxy_fix import ProxyFix

from flowsim.delivery.applications import kind_of
from flowsim.errors import TargetError

from ..cases import for_each


def plain_wsgi(environ: dict[str, Any], start_response: Any, extra: int = 0) -> Iterable[bytes]:
    raise NotImplementedError


async def plain_asgi(scope: Any, receive: Any, send: Any) -> None:
    raise NotImplementedError


def wrapped_asgi(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
    return plain_asgi(scope, receive, send)


class Middleware:
    """Takes any arguments, as decorators do."""

    def __call__(self, *arguments: Any) -> Any:
        raise NotImplementedError


class AsgiMiddleware:
    async def __call__(self, *arguments: Any) -> None:
        raise NotImplementedError

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        raise NotImplementedError


def without_init(kind: type) -> Any:
    """Return a handler of Django's that needs no settings."""
    return kind.__new__(kind)


@for_each(
    "app",
    [
        Flask("app"),
        Flask("app").wsgi_app,
        ProxyFix(Flask("app")),
        without_init(WSGIHandler),
        plain_wsgi,
        functools.partial(plain_wsgi, extra=1),
        Middleware(),
    ],
)
def test_wsgi_applications_are_known_by_their_arguments(app: Any) -> None:
    assert kind_of(app) == "wsgi"


@for_each(
    "app",
    [
        FastAPI(),
        Starlette(),
        without_init(ASGIHandler),
        plain_asgi,
        wrapped_asgi,
        functools.partial(wrapped_asgi),
        AsgiMiddleware(),
        AsgiMiddleware().handle,
    ],
)
def test_asgi_applications_too(app: Any) -> None:
    assert kind_of(app) == "asgi"


def create_app() -> Flask:
    return Flask("app")


async def of_two(scope: Any, send: Any) -> None:
    raise NotImplementedError


@for_each(
    ("app", "said"),
    [
        (None, "a NoneType, cannot be called; expected an address, a WSGI application"),
        (object(), "a object, cannot be called"),
        (Flask, "Flask, is a class; give an application made of it"),
        (create_app, "create_app, takes no arguments; if it makes an application, call it"),
        (lambda request: request, "<lambda>, takes other arguments; expected an address"),
        (of_two, "of_two, takes other arguments"),
        (dict, "dict, is a class"),
    ],
)
def test_a_value_that_is_no_application_is_refused_with_examples(
    app: Callable[..., Any], said: str
) -> None:
    with pytest.raises(TargetError) as raised:
        kind_of(app)
    assert said in str(raised.value)
