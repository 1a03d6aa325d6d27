"""Who may look at the pages, and who may change something through them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests

from flowsim.dashboard import service_dashboard
from flowsim.dashboard.pages import CONTENT_POLICY

from ..cases import for_each
from .service_with_pages import ServiceWithPages

PAGES = ("/", "/events", "/scenarios", "/registrations", "/clock")
"""Pages of a service that has nothing yet."""


@pytest.fixture(scope="module")
def service() -> Iterator[ServiceWithPages]:
    with ServiceWithPages() as running:
        yield running


@pytest.fixture
def visitor() -> Iterator[requests.Session]:
    """A browser without a cookie."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def visit(visitor: requests.Session, service: ServiceWithPages, path: str) -> requests.Response:
    return visitor.get(service.url + path, allow_redirects=False)


def change(
    visitor: requests.Session, service: ServiceWithPages, origin: str | None
) -> requests.Response:
    """Ask for a redelivery of a delivery that is not there: 404 if one may ask."""
    headers = {} if origin is None else {"origin": origin}
    url = f"{service.url}/deliveries/99/redeliver"
    return visitor.post(url, headers=headers, allow_redirects=False)


@for_each("path", PAGES)
def test_everyone_on_this_machine_may_look_and_gets_the_policy(
    service: ServiceWithPages, visitor: requests.Session, path: str
) -> None:
    answer = visit(visitor, service, path)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == CONTENT_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


@for_each("path", PAGES)
def test_each_page_has_a_json_twin_at_the_same_address(
    service: ServiceWithPages, visitor: requests.Session, path: str
) -> None:
    answer = visitor.get(service.url + path, headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/json"
    assert isinstance(answer.json(), dict)


def test_the_first_visit_keeps_the_token_and_takes_it_out_of_the_address(
    service: ServiceWithPages, visitor: requests.Session
) -> None:
    answer = visit(visitor, service, f"{service.first_visit}&text=a%20b")
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?text=a+b"
    assert cookie.startswith(f"flowsim-{urlsplit(service.url).port}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert change(visitor, service, service.url).status_code == 404


def test_a_change_needs_the_cookie_and_an_origin_of_this_server(
    service: ServiceWithPages, visitor: requests.Session
) -> None:
    refused = change(visitor, service, service.url)
    assert refused.status_code == 403
    assert "open the address behind" in refused.text
    visit(visitor, service, service.first_visit)
    port = urlsplit(service.url).port
    others = ("evil.localhost", "api.adobe.io", "localhost", "[::1]", "127.0.0.1.", "a@127.0.0.1")
    for origin in (
        *(None, "null", "", "http://127.0.0.1:1", "https://example.com", f"{service.url}.a"),
        *(f"http://{name}:{port}" for name in others),
    ):
        answer = change(visitor, service, origin)
        assert (origin, answer.status_code) == (origin, 403)


def test_a_cookie_of_another_program_does_not_hide_ours(
    service: ServiceWithPages, visitor: requests.Session
) -> None:
    """Browsers send cookies of all ports of a host, and one for a longer path first."""
    token = parse_qs(urlsplit(service.first_visit).query)["token"][0]
    name = f"flowsim-{urlsplit(service.url).port}"
    headers = {"origin": service.url, "cookie": f"{name}=other; {name}={token}"}
    answer = visitor.post(f"{service.url}/deliveries/99/redeliver", headers=headers)
    assert answer.status_code == 404


@for_each("path", ["/scenarios/a%3Fb", "/scenarios/a%0D%0Aset-cookie:a=b", "/scenarios/%25zz"])
def test_the_first_visit_leads_to_the_same_path(
    service: ServiceWithPages, visitor: requests.Session, path: str
) -> None:
    """No address can break the answer, or lead to another page."""
    token = urlsplit(service.first_visit).query
    answer = visit(visitor, service, f"{path}?{token}")
    assert answer.status_code == 303
    assert unquote(answer.headers["location"]) == unquote(path)
    assert "?" not in answer.headers["location"]
    assert "a" not in answer.cookies


def test_there_are_no_pages_under_the_host_names_of_adobe(
    service: ServiceWithPages, visitor: requests.Session
) -> None:
    """A browser would send the cookie of such a page to Adobe's own server later."""
    headers = {"host": f"API.adobe.io.:{urlsplit(service.url).port}"}
    for path in (*PAGES, service.first_visit, "/assets/dashboard.js"):
        answer = visitor.get(service.url + path, headers=headers, allow_redirects=False)
        assert (path, answer.status_code) == (path, 404)
        assert "set-cookie" not in answer.headers


@for_each("token", ["", "x", "0" * 64, "é", "\U0001f511"])
def test_another_token_opens_nothing(
    service: ServiceWithPages, visitor: requests.Session, token: str
) -> None:
    answer = visitor.get(service.url, params={"token": token}, allow_redirects=False)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    visitor.cookies.set(f"flowsim-{urlsplit(service.url).port}", "wrong")
    assert change(visitor, service, service.url).status_code == 403


def test_the_token_stays_with_the_data_and_no_page_shows_it(
    service: ServiceWithPages, visitor: requests.Session
) -> None:
    token = parse_qs(urlsplit(service.first_visit).query)["token"][0]
    assert service_dashboard.access(service.local.service).token == token
    visit(visitor, service, service.first_visit)
    for path in PAGES:
        assert token not in visit(visitor, service, path).text


def test_a_strict_service_shows_its_pages_only_with_the_token(visitor: requests.Session) -> None:
    with ServiceWithPages(strict=True) as service:
        assert visit(visitor, service, "/").status_code == 403
        visit(visitor, service, service.first_visit)
        assert visit(visitor, service, "/").status_code == 200


def test_another_host_name_is_refused_before_anything_is_shown(
    service: ServiceWithPages, visitor: requests.Session
) -> None:
    answer = visitor.get(service.url, headers={"host": "attacker.example"})
    assert answer.status_code == 421
    assert "attacker.example" in answer.text


def test_assets_come_from_here_and_nothing_else_is_served(
    service: ServiceWithPages, visitor: requests.Session
) -> None:
    for name in ("htmx.min.js", "pico.min.css", "dashboard.css", "dashboard.js", "icon.svg"):
        answer = visit(visitor, service, f"/assets/{name}")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    for name in ("README.md", "htmx.LICENSE.txt", "none.js", "..%2Faccess.py", "%2e%2e/access.py"):
        assert visit(visitor, service, f"/assets/{name}").status_code in (404, 405)
