"""Reads journals as consumers do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flowsim.events_service.registrations.model import Registration
from flowsim.events_service.service import Service

from ..custom_events import publish

HOST = "http://localhost"


def path_of(service: Service, registration: Registration) -> str:
    org, credential = registration.workspace.org, service.installation.credential_id
    return f"/organizations/{org}/integrations/{credential}/{registration.registration_id}"


def link(answer: TestResponse, rel: str) -> str:
    """Return a link as Adobe's SDK for Java finds it: one a line, path-absolute."""
    lines = answer.headers.getlist("link")
    found = [re.fullmatch(r'<(/[^>]*)>; rel="(\w+)"', line) for line in lines]
    paths = {each[2]: each[1] for each in found if each}
    assert len(paths) == len(lines)
    return paths[rel]


def walk(api: FlaskClient, url: str) -> Iterator[TestResponse]:
    """Follow the next links, each resolved as Adobe's SDK for Node does, until a 204."""
    while True:
        answer = api.get(url)
        yield answer
        url = urljoin(HOST + url, link(answer, "next")).removeprefix(HOST)
        if answer.status_code == 204:
            return


def events(answer: TestResponse) -> list[object]:
    return [each["event"]["data"] for each in answer.json["events"]]


def publish_all(service: Service, *data: object) -> None:
    for each in data:
        publish(service, each)


def since_of(answer: TestResponse) -> str:
    return link(answer, "next").rpartition("since=")[2]
