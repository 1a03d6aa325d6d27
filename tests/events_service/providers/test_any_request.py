"""Any request to providers, event metadata and samples is answered, never with 5xx.

Nothing is deleted, so that all that is asked about is there.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flowsim.events_service.service import Service

from ..manage import ORG, PATCH, create_metadata, create_provider, template
from ..running import register

ANY = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

OWN = "/events/{org}/2/3/providers"
READ = "/events/providers/{provider}"
ONE = "eventmetadata/{code}"
CALLS = [
    ("GET", "/events/{org}/providers"),
    ("GET", READ),
    ("POST", OWN),
    *((method, f"{OWN}/{{provider}}") for method in ("PUT", "PATCH")),
    ("GET", f"{READ}/eventmetadata"),
    ("POST", f"{OWN}/{{provider}}/eventmetadata"),
    ("GET", f"{READ}/{ONE}"),
    *((method, f"{OWN}/{{provider}}/{ONE}") for method in ("PUT", "PATCH")),
    ("HEAD", f"{READ}/{ONE}/sample_event"),
    ("GET", f"{READ}/{ONE}/sample_event"),
    ("POST", f"{READ}/{ONE}/sample_event/{{registration}}"),
]
STEPS = ["org", "provider", "code", "registration"]
NAMES = ["label", "description", "event_code", "docs_url", "instance_id", "provider_metadata"]
NAMES += ["sample_event_template", "event_delivery_format", "data_residency_region"]
PARAMETERS = ["providerMetadataId", "instanceId", "providerMetadataIds[]", "eventmetadata"]
TEXT = st.sampled_from(["x", "order", "aem", "true", "adobe_io", "VA6", "http://a", "e30="])
TEXT |= st.text()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
POINTERS = st.sampled_from(["", "/", *(f"/{name}" for name in NAMES), "/label/0"])
OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "copy", "test"]), "path": POINTERS},
    optional={"from": POINTERS, "value": TEXT | JSON},
)
CORRECT = {"label": "x", "description": "x", "event_code": "order"}
OBJECTS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, TEXT | JSON))
BODIES = OBJECTS.map(lambda each: CORRECT | each) | st.lists(OPERATIONS, max_size=4) | JSON
KINDS = st.none() | st.sampled_from(["text/plain", "", "é"])


@pytest.fixture
def known(api: FlaskClient, service: Service) -> dict[str, str]:
    """Ids of what is there."""
    own = create_provider(api)["id"]
    create_metadata(api, own, "order", sample_event_template=template({}))
    target = register(service, None, "journal").registration_id
    return {"org": ORG, "provider": own, "code": "order", "registration": target}


@ANY
@given(
    st.sampled_from(CALLS),
    st.dictionaries(
        st.sampled_from(["org", "provider", "code", "registration"]),
        st.text(min_size=1),
        max_size=1,
    ),
    st.dictionaries(st.sampled_from(PARAMETERS), TEXT),
    st.tuples(BODIES, KINDS),
)
def test_any_request_is_answered_with_less_than_500(
    api: FlaskClient,
    known: dict[str, str],
    call: tuple[str, str],
    others: dict[str, str],
    query: dict[str, str],
    sent: tuple[Any, str | None],
) -> None:
    method, path = call
    place = path.format(**{name: quote(each, safe="") for name, each in (known | others).items()})
    kind = sent[1] if sent[1] is not None else PATCH if method == "PATCH" else "application/json"
    data = json.dumps(sent[0]).encode()
    answer = api.open(place, method=method, query_string=query, data=data, content_type=kind)
    assert answer.status_code < 500, answer.text
    assert answer.headers["x-request-id"]
    assert answer.status_code < 400 or method == "HEAD" or answer.json["reason"]


@ANY
@given(st.sampled_from(["POST", "PUT", "PATCH"]), st.binary() | st.text().map(str.encode))
@example("POST", b"[" * 100_000)
@example("POST", b'{"label": "\\ud800"}')
@example("PUT", b'{"label": ' + b"9" * 5000 + b"}")
@example("PATCH", b"[]")
@example("PATCH", b'[{"op": "add", "path": "/label", "value": 1e999}]')
def test_any_bytes_are_answered_with_less_than_500(
    api: FlaskClient, known: dict[str, str], method: str, body: bytes
) -> None:
    own = f"/events/{ORG}/2/3/providers"
    place = own if method == "POST" else f"{own}/{known['provider']}"
    kind = PATCH if method == "PATCH" else "application/json"
    answer = api.open(place, method=method, data=body, content_type=kind)
    if method == "PATCH" and re.fullmatch(rb"\s*\[\s*\]\s*", body):
        assert answer.status_code == 204  # a patch without operations changes nothing
    else:
        assert 400 <= answer.status_code < 500
