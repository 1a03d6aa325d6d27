"""Where clients get bearer tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from flowsim.events_service.service import Service

from ..manual_clock import advance

TOKEN = "/ims/token/v3"
FORM = {"client_secret": "s", "grant_type": "client_credentials", "scope": "openid,adobeio_api"}

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def error(answer: TestResponse) -> tuple[int, str, str]:
    assert set(answer.json) == {"error", "error_description"}
    return answer.status_code, answer.json["error"], answer.json["error_description"]


def test_the_client_id_may_be_in_the_query(
    api: FlaskClient,
) -> None:
    answer = api.post(f"{TOKEN}?client_id=any", data=FORM)
    assert answer.status_code == 200
    assert answer.json["access_token"].startswith("flowsim.")
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("bearer", 86_399)
    assert answer.headers["cache-control"] == "no-store"


def test_all_fields_may_be_in_the_form_and_tokens_are_new(api: FlaskClient) -> None:
    tokens = {
        api.post(TOKEN, data={**FORM, "client_id": "any"}).json["access_token"] for _ in range(3)
    }
    assert len(tokens) == 3


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"client_id": ""}, (400, "invalid_client", "invalid client_id parameter")),
        ({"client_id": "x" * 129}, (400, "invalid_client", "invalid client_id parameter")),
        ({"client_secret": ""}, (400, "invalid_client", "invalid client_secret parameter")),
        ({"grant_type": ""}, (400, "unsupported_grant_type", "invalid grant_type parameter")),
        (
            {"grant_type": "authorization_code"},
            (400, "unsupported_grant_type", "invalid grant_type parameter"),
        ),
    ],
)
def test_a_missing_field_is_an_error_in_the_form_of_ims(
    api: FlaskClient, changed: dict[str, str], answer: tuple[int, str, str]
) -> None:
    assert error(api.post(TOKEN, data={"client_id": "any", **FORM, **changed})) == answer


def test_strict_gives_tokens_for_its_own_credential_only(
    strict: FlaskClient, service: Service
) -> None:
    own = service.installation
    ours = {**FORM, "client_id": own.client_id, "client_secret": own.client_secret}
    assert error(strict.post(TOKEN, data=ours | {"client_id": "any"})) == (
        *(400, "invalid_client"),
        "invalid client_id parameter",
    )
    assert error(strict.post(TOKEN, data=ours | {"client_secret": "any"})) == (
        *(400, "invalid_client"),
        "invalid client_secret parameter",
    )
    assert strict.post(TOKEN, data=ours).status_code == 200


def test_a_token_is_valid_for_24_hours_of_the_clock(strict: FlaskClient, service: Service) -> None:
    """This finds clients that fetch a token only once, at the start (10.5, no. 81)."""
    own = service.installation
    ours = {**FORM, "client_id": own.client_id, "client_secret": own.client_secret}
    token = strict.post(TOKEN, data=ours).json["access_token"]
    keys = {"authorization": f"Bearer {token}", "x-api-key": own.client_id}
    assert strict.post("/", headers=keys).status_code == 415
    advance(service, DAY - SECOND)
    assert strict.post("/", headers=keys).status_code == 415
    advance(service, SECOND)
    assert strict.post("/", headers=keys).status_code == 401


NAMES = st.sampled_from(["client_id", "client_secret", "grant_type", "scope"])
VALUES = st.dictionaries(NAMES, st.just("client_credentials") | st.text())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, VALUES)
def test_no_form_breaks_the_service(
    api: FlaskClient, query: dict[str, str], form: dict[str, str]
) -> None:
    def clean(values: dict[str, str]) -> dict[str, str]:
        return {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}

    answer = api.post(TOKEN, query_string=clean(query), data=clean(form))
    assert answer.status_code in (200, 400)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"]),
    st.binary(),
)
def test_no_bytes_break_the_service(api: FlaskClient, kind: str, body: bytes) -> None:
    assert api.post(TOKEN, data=body, content_type=kind).status_code in (400, 413, 415)
