"""A service with its pages in this process, and a folder of scenarios beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flowsim.dashboard import service_dashboard
from flowsim.events_service import application as events_service
from flowsim.events_service.service import Service

from ..reading import Element, parsed

Show = Callable[..., Element]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mine"
    made.mkdir()
    return made


@pytest.fixture
def app(service: Service, folder: Path) -> Flask:
    return events_service.create(service, pages=service_dashboard.pages(service, folder))


@pytest.fixture
def client(app: Flask, service: Service) -> FlaskClient:
    """A browser that has the token."""
    made = app.test_client()
    made.get(f"/scenarios?token={service_dashboard.access(service).token}")
    return made


@pytest.fixture
def show(client: FlaskClient) -> Show:
    """Return a page, as ``show("/scenarios", status=200)``."""

    def shown(path: str, status: int = 200) -> Element:
        answer = client.get(path)
        assert answer.status_code == status, answer.text
        return parsed(answer.text)

    return shown
