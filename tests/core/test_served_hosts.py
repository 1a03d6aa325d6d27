"""Under which host names a server of ours answers."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flowsim.core.served_hosts import LOOPBACK, Served, parse

from ..cases import for_each

ALWAYS = ("127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST.", "hooks.localhost")
ALWAYS += ("::ffff:127.0.0.1", "::ffff:7f00:1")
ALWAYS += ("api.adobe.io", "static.adobeioevents.com")
ALWAYS += ("host.docker.internal", "Gateway.Docker.Internal", "host.containers.internal")
ALWAYS += ("host.testcontainers.internal",)


@for_each("name", ALWAYS)
@for_each("bound", ["127.0.0.1", "0.0.0.0", "192.168.7.7", "flowsim"])
def test_loopback_adobes_hosts_and_names_of_containers_are_always_served(
    name: str, bound: str
) -> None:
    assert Served(bound).holds(name)


@for_each(
    ("name", "bound", "served"),
    [
        ("rebound.example", "127.0.0.1", False),
        ("rebound.example", "0.0.0.0", False),
        ("localhost.example", "127.0.0.1", False),
        ("a b.localhost", "127.0.0.1", False),
        ("api.adobe.io.example", "127.0.0.1", False),
        ("docker.internal.example", "127.0.0.1", False),
        ("docker.internal", "127.0.0.1", False),
        ("mydocker.internal", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("192.168.7.7", "127.0.0.1", False),
        ("192.168.7.7", "192.168.7.7", True),
        ("192.168.7.8", "192.168.7.7", False),
        ("192.168.7.7", "0.0.0.0", True),
        ("::ffff:192.168.7.7", "192.168.7.7", True),
        ("192.168.7.7", "::ffff:0.0.0.0", True),
        ("fd00::7", "::", True),
        ("FD00::7", "fd00:0::7", True),
        ("flowsim", "flowsim", True),
        ("flowsim", "FLOWSIM", True),
        ("flowsim", "0.0.0.0", False),
    ],
)
def test_another_name_is_served_only_where_the_server_is_bound_to_it(
    name: str, bound: str, served: bool
) -> None:
    assert Served(bound).holds(name) is served


@for_each(
    ("stated", "asked"),
    [
        ("consumer", "CONSUMER."),
        ("My_Service.", "my_service"),
        ("172.17.0.1", "172.17.0.1"),
        ("[FD00:0::7]", "fd00::7"),
        ("hooks.example", "hooks.example"),
        ("Bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_only_names_that_were_added_are_served(stated: str, asked: str) -> None:
    served = Served(names=(parse(stated),))
    assert served.holds(asked)
    assert not served.holds(f"x{asked}")
    assert not LOOPBACK.holds(asked)


@for_each(
    "text",
    [
        *("", ".", "a..b", "a b", "a:80", "http://a", "a/b", "*.example", "ö_", "0x7f.1", "1.2.3"),
        *("127.0.0.1:80", "[::1]:80", "[::1", "[a]", "10.0.0.0/8", "x" * 254, "-\n"),
    ],
)
def test_a_text_that_is_not_a_host_cannot_be_added(text: str) -> None:
    with pytest.raises(ValueError, match="neither a host name nor an IP address, such as "):
        parse(text)


NAMES = st.from_regex(r"[A-Za-z0-9._:\[\]-]{1,40}", fullmatch=True) | st.text()


@given(NAMES, st.sampled_from(["127.0.0.1", "0.0.0.0", "::", "10.0.0.1"]))
@example("consumer", "127.0.0.1")
@example("a/b", "0.0.0.0")
def test_the_advice_of_a_refusal_helps(name: str, bound: str) -> None:
    served = Served(bound, ())
    advice = served.refusal(name).rpartition("; ")[2]
    if advice.startswith("add --name "):
        stated = parse(advice.removeprefix("add --name "))
        assert Served(bound, (stated,)).holds(stated)
        assert Served(bound, (stated,)).holds(name.strip("[]"))
    else:
        assert served.holds(advice.removeprefix("use "))


def test_without_an_option_for_names_the_refusal_names_a_host_to_use() -> None:
    assert LOOPBACK.refusal("consumer") == "no host 'consumer' is served here; use 127.0.0.1"
    assert Served("0.0.0.0").refusal("x").endswith("; use localhost")
    advised = Served(names=()).refusal("consumer")
    assert advised == "no host 'consumer' is served here; add --name consumer"


def test_a_refusal_of_a_long_name_is_one_sentence() -> None:
    assert len(Served(names=()).refusal("x" * 60_000)) < 200
