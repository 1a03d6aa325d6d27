"""What tests of journals share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flowsim.events_service.registrations.model import Registration
from flowsim.events_service.service import Service

from .custom_events import custom_provider, subscribe
from .journal.reading import path_of


@pytest.fixture
def reader(service: Service) -> Registration:
    """A registration with a journal, for the events of a custom provider."""
    custom_provider(service)
    return subscribe(service)


@pytest.fixture
def url(service: Service, reader: Registration) -> str:
    return f"/events{path_of(service, reader)}"


@pytest.fixture
def get(api: FlaskClient, url: str) -> Callable[..., TestResponse]:
    """Read the journal, as ``get(since=…, limit=…)``."""

    def read(**query: object) -> TestResponse:
        return api.get(url, query_string=query)

    return read
