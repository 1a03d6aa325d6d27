"""What of NO_PROXY is passed on, as clients read it."""

from __future__ import annotations

import os
from unittest.mock import patch
from urllib.request import proxy_bypass_environment

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.utils import should_bypass_proxies

from flowsim.adobe_clients import exempt_hosts
from flowsim.core import adobe_hosts


@pytest.mark.parametrize(
    "entry",
    [
        "*",
        "adobe.io",
        ".adobe.io",
        "*.adobe.io",
        "*adobe.io",
        "API.Adobe.IO",
        "api.adobe.io:443",
        "*.adobelogin.com:443",
        "adobe.io.",
        "io",
        "events.com",
        "api.*",
        "*.adobe.*",
    ],
)
def test_what_leads_any_client_to_adobe_is_left_out(entry: str) -> None:
    assert exempt_hosts.left_out({"NO_PROXY": f"db.corp, {entry}"}) == [entry]
    assert exempt_hosts.passed_on({"NO_PROXY": f"db.corp {entry},"}) == ["db.corp"]


@pytest.mark.parametrize(
    "entry",
    [
        "localhost",
        "127.0.0.0/8",
        "10.0.0.1:8080",
        "::1",
        "[::1]:8080",
        "db.corp",
        "*.corp",
        "my-adobe.io",
        "adobe.io.corp",
        "x.api.adobe.io",
        "API.corp:80",
    ],
)
def test_everything_else_is_passed_on_as_it_is(entry: str) -> None:
    assert exempt_hosts.passed_on({"no_proxy": entry, "NO_PROXY": "*"}) == [entry]
    assert exempt_hosts.left_out({"no_proxy": entry, "NO_PROXY": "*"}) == []


PARTS = st.sampled_from(
    [
        "*",
        ".",
        "adobe",
        "io",
        "api",
        "com",
        "static",
        "events",
        ":443",
        ":",
        "x",
        "-",
        "/",
        "[",
        "]",
    ]
)


@given(st.lists(st.lists(PARTS, min_size=1).map("".join)))
def test_nothing_that_is_passed_on_leads_python_past_the_proxy(entries: list[str]) -> None:
    kept = ",".join(exempt_hosts.passed_on({"NO_PROXY": ",".join(entries)}))
    bare = {name: each for name, each in os.environ.items() if name.lower() != "no_proxy"}
    with patch.dict(os.environ, bare, clear=True):
        for host in adobe_hosts.ALL:
            assert not proxy_bypass_environment(host, {"no": kept})
            assert not should_bypass_proxies(f"https://{host}/", kept)
            assert not should_bypass_proxies(f"https://{host}:443/", kept)
