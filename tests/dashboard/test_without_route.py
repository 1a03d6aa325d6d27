"""Addresses without a route: a browser gets a page, other clients what the API says."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlsplit

import httpx
import pytest

from flowsim.dashboard import service_dashboard
from flowsim.dashboard.pages import CONTENT_POLICY
from flowsim.events_service import local_service
from flowsim.events_service.local_service import LocalServiceOptions

from ..cases import for_each
from .reading import PageReader

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@for_each("case", [("/nope", 404, "no page"), ("/checks/run", 405, "takes a form")])
def test_a_browser_gets_a_page_that_leads_back(
    reader: PageReader, case: tuple[str, int, str]
) -> None:
    path, status, said = case
    answer = reader.get(path, headers=BROWSER)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CONTENT_POLICY
    assert ("allow" in answer.headers) == (status == 405)
    main = reader.page(path, status).one("main")
    assert said in main.text
    assert [each.attributes["href"] for each in main.all("a")] == ["/"]


@for_each("accept", ["*/*", "application/json", "", "application/json, text/html;q=0.5"])
def test_other_clients_get_the_json_of_the_api(reader: PageReader, accept: str) -> None:
    answer = reader.get("/nope", headers={"accept": accept})
    assert (answer.status_code, answer.json()["reason"]) == (404, "Not Found")
    posted = reader.post("/nope", headers={**BROWSER, **reader.own})
    assert posted.headers["content-type"].startswith("application/json")


def test_no_such_page_is_shown_under_a_host_name_of_adobe(reader: PageReader) -> None:
    host = f"api.adobe.io:{urlsplit(str(reader.base_url)).port}"
    answer = reader.get("/nope", headers={**BROWSER, "host": host})
    assert answer.headers["content-type"].startswith("application/json")


@pytest.fixture
def strict() -> LocalServiceOptions:
    options = LocalServiceOptions(clock="manual")
    return dataclasses.replace(options, service=dataclasses.replace(options.service, strict=True))


def test_a_strict_service_shows_no_such_page_without_the_token(strict: LocalServiceOptions) -> None:
    with (
        local_service.run(strict, pages=service_dashboard.pages) as local,
        PageReader(local) as reader,
    ):
        answer = httpx.get(f"{local.url}/nope", headers=BROWSER, trust_env=False)
        assert answer.headers["content-type"].startswith("application/json")
        assert reader.page("/nope", 404)
