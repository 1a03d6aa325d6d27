"""What a page takes as a form: all else is refused, and never read as an empty form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from flowsim.dashboard.form_limits import MOST_BYTES, MOST_FIELDS

from ..cases import for_each
from .service_with_pages import ServiceWithPages

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def service() -> Iterator[ServiceWithPages]:
    with ServiceWithPages() as running:
        yield running


@pytest.fixture(scope="module")
def visitor(service: ServiceWithPages) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.get(service.url + service.first_visit)
        session.headers["origin"] = service.url
        yield session


@for_each(
    "content_type, body, status, sentence",
    [
        ("application/json", b'{"step":"1h"}', 415, "send application/x-www-form-urlencoded"),
        ("text/plain", b"step=1h", 415, "the content type is text/plain"),
        ("", b"step=1h", 415, "the content type is missing"),
        ("multipart/form-data", b"step=1h", 415, "multipart/form-data"),
        (FORM, b"a=" + b"x" * MOST_BYTES, 413, "expected at most 1,048,576"),
        (FORM, b"a=1&" * MOST_FIELDS, 413, "the form has 20,001 fields"),
        (FORM, b"step=\xff", 400, "the form is not UTF-8"),
        (FORM, [b"step=1h"], 411, "send Content-Length"),
    ],
)
def test_a_body_that_is_no_usual_form_changes_nothing(
    service: ServiceWithPages,
    visitor: requests.Session,
    content_type: str,
    body: bytes | list[bytes],
    status: int,
    sentence: str,
) -> None:
    before = service.now
    data = iter(body) if isinstance(body, list) else body
    headers = {"content-type": content_type}
    answer = visitor.post(f"{service.url}/clock/advance", data=data, headers=headers)
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert service.now == before


def test_a_usual_form_is_read(service: ServiceWithPages, visitor: requests.Session) -> None:
    before = service.now
    visitor.post(f"{service.url}/clock/advance", data={"duration": "1h"})
    assert (service.now - before).total_seconds() == 3600
