"""The service against its own OpenAPI document: no request gets a 5xx, answers are as described.

Schemathesis makes the requests, in process and the same in every run: those that the document
allows, and those that it does not. Most of them name things that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ..cases import one_in
from .prepared import prepared
from .test_openapi import DOCUMENT, OPERATIONS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REQUESTS = 8
"""How many requests an operation gets that has something that can be wrong; others half as many:
but for names in the path, all of them are the same."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

reproducible = settings(
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)


class Current:
    """The application of the service that was prepared last: the document is read once."""

    app: Flask

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return self.app(environ, start)


@pytest.fixture(scope="module")
def current() -> Current:
    return Current()


@pytest.fixture(scope="module")
def schema(current: Current) -> BaseSchema:
    with prepared() as own:
        current.app = own.app
        return schemathesis.openapi.from_wsgi("/_flowsim/openapi.json", current)


@pytest.mark.parametrize("named", one_in(3, OPERATIONS), ids=" ".join)
def test_no_request_breaks_the_service_and_every_answer_is_as_described(
    current: Current, schema: BaseSchema, named: tuple[str, str]
) -> None:
    method, path = named
    operation = schema[path][method]
    requests = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    can_be_wrong = bool({"query", "body"} & {*_places(method, path)})
    if can_be_wrong:
        requests |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(reproducible, max_examples=REQUESTS if can_be_wrong else REQUESTS // 2)
    @given(requests, st.sampled_from([True, True, True, False]))
    def ask(case: Case, names_what_is_there: bool) -> None:
        if names_what_is_there:
            case.path_parameters = {name: own.known[name] for name in case.path_parameters or ()}
        case.call_and_validate(checks=CHECKS)

    with prepared() as own:
        current.app = own.app
        ask()


def _places(method: str, path: str) -> Iterator[str]:
    """Yield where an operation has something that can be wrong; in a path any text is right."""
    described = DOCUMENT["paths"][path][method]
    yield from ("body" for _ in {"requestBody"} & {*described})
    yield from (each["in"] for each in described["parameters"])
