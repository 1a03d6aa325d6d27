"""The variables that lead clients to a service, and what they exempt from its proxy."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import replace
from unittest.mock import patch
from urllib.request import proxy_bypass_environment

from hypothesis import given
from hypothesis import strategies as st
from requests.utils import should_bypass_proxies

from flowsim.adobe_clients import environment
from flowsim.adobe_clients.environment import Access
from flowsim.core import adobe_hosts

from ..cases import for_each

ACCESS = Access(
    url="http://127.0.0.1:4010",
    tls_port=4443,
    proxy_port=4480,
    authority="/home/me/authority.pem",
    trust_store="/home/me/authority.p12",
    trust_store_password="changeit",
    node_preload="/lib/node_preload.cjs",
)
IDENTITY = {
    "FLOWSIM_SERVICE": "http://127.0.0.1:4010",
    "FLOWSIM_TOKEN": "token",
    "FLOWSIM_ORG": "1",
    "FLOWSIM_CLIENT_ID": "id",
}


def values(access: Access = ACCESS, **before: str) -> dict[str, str]:
    return environment.variables(access, IDENTITY, before)


def test_each_client_finds_what_it_reads() -> None:
    found = values()
    proxy, authority = "http://127.0.0.1:4480", "/home/me/authority.pem"
    expected = {
        **IDENTITY,
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "http_proxy": proxy,
        "NO_PROXY": "localhost,127.0.0.1,::1",
        "SSL_CERT_FILE": authority,
        "REQUESTS_CA_BUNDLE": authority,
        "CURL_CA_BUNDLE": authority,
        "NODE_EXTRA_CA_CERTS": authority,
        "NODE_OPTIONS": "--require /lib/node_preload.cjs",
        "FLOWSIM_TLS_PORT": "4443",
        "AIO_STATE_ENDPOINT": "http://127.0.0.1:4010",
        "__OW_API_KEY": "token",
        "aio_api_url": "http://127.0.0.1:4010",
        "aio_consumer_org_id": "1",
        "aio_api_key": "id",
    }
    assert expected.items() <= found.items()
    assert "aio_project_id" not in found
    java = found["JAVA_TOOL_OPTIONS"].split()
    assert "-Djavax.net.ssl.trustStore=/home/me/authority.p12" in java
    assert "-Dhttps.proxyPort=4480" in java
    assert "-Dhttp.nonProxyHosts=localhost|127.0.0.1|[::1]" in java


def test_options_that_were_set_before_are_kept_and_not_repeated() -> None:
    before = {
        "NODE_OPTIONS": "--max-old-space-size=100",
        "JAVA_TOOL_OPTIONS": "-Xmx1g",
        "NO_PROXY": "db.local, .corp,localhost",
    }
    once = values(**before)
    assert once["NODE_OPTIONS"] == "--max-old-space-size=100 --require /lib/node_preload.cjs"
    assert once["JAVA_TOOL_OPTIONS"].startswith("-Xmx1g -Djavax")
    assert once["NO_PROXY"] == "localhost,127.0.0.1,::1,db.local,.corp"
    assert "nonProxyHosts=localhost|127.0.0.1|[::1]|db.local|*.corp" in once["JAVA_TOOL_OPTIONS"]
    assert values(**once) == once


def test_paths_with_blanks_are_one_option() -> None:
    spaced = replace(ACCESS, node_preload='/my "lib"/x.cjs', trust_store="/my home/a.p12")
    found = values(spaced)
    assert found["NODE_OPTIONS"] == r'--require "/my \"lib\"/x.cjs"'
    assert '"-Djavax.net.ssl.trustStore=/my home/a.p12"' in found["JAVA_TOOL_OPTIONS"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.dictionaries(st.sampled_from(["A", "B"]), TEXTS))
def test_json_holds_all_variables(given: dict[str, str]) -> None:
    assert json.loads(environment.spell(given, "json")) == given


@for_each("value", ["", "a b", "it's", '"$HOME" `ls`', "a|b;c&d", "é\n"])
def test_a_shell_reads_export_lines_as_they_are_meant(value: str) -> None:
    lines = environment.spell({"ONE": value, "TWO": "2"}, "export")
    script = f'{lines}\nprintf "%s|%s" "$ONE" "$TWO"'
    assert subprocess.check_output(["sh", "-c", script], text=True) == f"{value}|2"


def test_dotenv_lines_are_quoted_so_that_nothing_is_expanded() -> None:
    lines = environment.spell({"A": 'x "$y"', "B": 'it\'s "so"'}, "dotenv")
    assert lines == 'A=\'x "$y"\'\nB="it\'s \\"so\\""'
    assert shlex.split(lines) == ['A=x "$y"', 'B=it\'s "so"']


@for_each(
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
def test_entries_that_lead_any_client_to_adobe_are_left_out(entry: str) -> None:
    assert environment.left_out_hosts({"NO_PROXY": f"db.corp, {entry}"}) == [entry]
    assert environment.exempt_hosts({"NO_PROXY": f"db.corp {entry},"}) == ["db.corp"]


@for_each(
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
def test_other_entries_are_passed_on_unchanged(entry: str) -> None:
    assert environment.exempt_hosts({"no_proxy": entry, "NO_PROXY": "*"}) == [entry]
    assert environment.left_out_hosts({"no_proxy": entry, "NO_PROXY": "*"}) == []


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
def test_entries_that_are_passed_on_never_lead_python_past_the_proxy(entries: list[str]) -> None:
    kept = ",".join(environment.exempt_hosts({"NO_PROXY": ",".join(entries)}))
    bare = {name: each for name, each in os.environ.items() if name.lower() != "no_proxy"}
    with patch.dict(os.environ, bare, clear=True):
        for host in adobe_hosts.ALL:
            assert not proxy_bypass_environment(host, {"no": kept})
            assert not should_bypass_proxies(f"https://{host}/", kept)
            assert not should_bypass_proxies(f"https://{host}:443/", kept)
