"""Where webhooks may be is decided on what an address means, not on how it is written."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.host_names import host_of, is_address
from flowsim.core.targets import Allowed, place_of, refusal
from flowsim.errors import SettingError, TargetError

from ..cases import for_each

NONE_ALLOWED = Allowed()


@for_each(
    ("url", "place"),
    [
        ("http://localhost/hook", ("localhost", 80)),
        ("https://hooks.example?x=1", ("hooks.example", 443)),
        ("HTTP://LocalHost:3000", ("localhost", 3000)),
        ("http://hooks.example.:8080/", ("hooks.example", 8080)),
        ("http://my_host:3000/", ("my_host", 3000)),
        ("http://Bücher.example:3000/", ("xn--bcher-kva.example", 3000)),
        ("http://127.0.0.1:1/", ("127.0.0.1", 1)),
        ("http://[::1]:65535/", ("::1", 65535)),
        ("http://[0:0:0:0:0:0:0:1]/", ("::1", 80)),
        ("http://[::FFFF:127.0.0.1]/", ("::ffff:127.0.0.1", 80)),
        ("http://[::ffff:7f00:1]/", ("::ffff:127.0.0.1", 80)),
        ("http://localhost/#@hooks.example/", ("localhost", 80)),
        ("http://localhost/\\@hooks.example/", ("localhost", 80)),
        ("http://localhost/?u=http://a:b@c/", ("localhost", 80)),
    ],
)
def test_the_place_of_a_webhook_is_its_host_and_port(url: str, place: tuple[str, int]) -> None:
    assert place_of(url) == place


@for_each(
    ("url", "why"),
    [
        ("", "percent-encoded"),
        ("3000", "expected an address"),
        ("localhost:3000/hook", "expected an address"),
        ("//localhost/hook", "expected an address"),
        ("ftp://localhost/", "its scheme is ftp, not http or https; expected an address"),
        ("file:///etc/passwd", "expected an address"),
        ("gopher://127.0.0.1:6379/_x", "expected an address"),
        ("javascript:alert(1)", "expected an address"),
        ("http:localhost", "not a host and port"),
        ("http:///hook", "not a host and port"),
        ("http://", "not a host and port"),
        ("http://:3000/", "not a host and port"),
        ("http://localhost:/", "not a host and port"),
        ("http://localhost:0/", "not a host and port"),
        ("http://localhost:65536/", "not a host and port"),
        ("http://localhost:80:80/", "not a host and port"),
        ("http://localhost:+80/", "not a host and port"),
        ("http://local%68ost/", "not a host and port"),
        ("http://localhost,hooks.example/", "not a host and port"),
        ("http://[::1%25lo]/", "expected an address"),
        ("http://[::1/", "Invalid IPv6 URL"),
        ("http://[localhost]/", "expected an address"),
        ("http://::1/", "not a host and port"),
        ("http://127.0.0.1@hooks.example/", "user name"),
        ("http://me:secret@localhost/", "user name"),
        ("http://@localhost/", "user name"),
        ("http://localhost\\@hooks.example/", "user name"),
        ("http://localhost\\.hooks.example/", "not a host and port"),
        ("http://local host/", "percent-encoded"),
        ("http://localhost/a b", "percent-encoded"),
        (" http://localhost/", "percent-encoded"),
        ("http://local\thost/", "percent-encoded"),
        ("http://localhost/\r\nx: y", "percent-encoded"),
        ("http://\uff4cocalhost/", "means 'localhost': write that"),
        ("http://127。0。0。1/", r"means '127\.0\.0\.1': write that"),
        ("http://ü_x.example/", "'ü_x.example' is not a host name"),
        ("http://localhost/é", "percent-encoded"),
        ("http://localhost\x00.example/", "percent-encoded"),
        ("http://../", "not a host name"),
        ("http://a..b/", "not a host name"),
        ("http://localhost../", "not a host name"),
    ],
)
def test_an_ambiguous_address_is_refused(url: str, why: str) -> None:
    with pytest.raises(TargetError, match=why):
        place_of(url)


@for_each(
    "host",
    [
        "127.1",
        "127.0.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "127.000.000.001",
        "0x7f000001",
        "0x7f.0.0.1",
        "0X7F.1",
        "127.0.0.0x1",
        "127.0.0.1.",
        "256.1.1.1",
        "1.2.3.4.5",
        "hooks.example.1",
        "0x",
    ],
)
def test_an_ip_address_in_an_unusual_form_is_refused(host: str) -> None:
    with pytest.raises(TargetError, match=r"in its usual form, such as 127\.0\.0\.1"):
        place_of(f"http://{host}/hook")


def test_a_refusal_never_repeats_a_password() -> None:
    with pytest.raises(TargetError) as error:
        place_of("http://me:secret@localhost/")
    assert "secret" not in str(error.value)


@for_each("address", ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"])
def test_the_loopback_is_allowed_in_all_its_forms(address: str) -> None:
    assert refusal("hooks.example", [address], NONE_ALLOWED) is None


@for_each(
    "address",
    [
        "0.0.0.0",
        "128.0.0.1",
        "10.0.0.1",
        "192.168.1.7",
        "169.254.169.254",
        "255.255.255.255",
        "224.0.0.1",
        "93.184.216.34",
        "::",
        "::2",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0.0.0.0",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1",
        "fe80::1%2",
        "fd00::1",
        "ff02::1",
    ],
)
def test_other_hosts_are_refused_with_the_option_that_allows_them(address: str) -> None:
    assert refusal("hooks.example", [address], NONE_ALLOWED) == (
        f"hooks.example is at {address}, on another machine; "
        "start flowsim up with --allow-target hooks.example if it may be called"
    )


def test_an_address_is_refused_by_its_own_name() -> None:
    assert refusal("10.0.0.1", ["10.0.0.1"], NONE_ALLOWED) == (
        "10.0.0.1 is not on this machine; "
        "start flowsim up with --allow-target 10.0.0.1 if it may be called"
    )


def test_a_name_without_an_address_is_refused_unless_it_is_allowed() -> None:
    assert "hooks.example cannot be resolved" in (refusal("hooks.example", [], NONE_ALLOWED) or "")
    assert refusal("hooks.example", [], Allowed.parse(["hooks.example"])) is None


def test_one_address_that_is_not_allowed_causes_a_refusal() -> None:
    addresses = ["127.0.0.1", "10.0.0.1"]
    assert "10.0.0.1" in (refusal("hooks.example", addresses, NONE_ALLOWED) or "")
    assert refusal("hooks.example", addresses, Allowed.parse(["10.0.0.0/8"])) is None


@for_each(
    ("text", "inside", "outside"),
    [
        ("10.1.2.3/8", "10.255.0.1", "11.0.0.1"),
        ("192.168.1.7", "192.168.1.7", "192.168.1.8"),
        ("10.0.0.0/8", "::ffff:10.0.0.1", "::10.0.0.1"),
        ("fd00::/8", "fd12::1", "fe80::1"),
        ("fd00::1", "fd00::1", "fd00::2"),
        ("[fd00::1]", "fd00::1", "fd00::2"),
        ("0.0.0.0/0", "93.184.216.34", "fd00::1"),
        ("::/0", "fd00::1", "::ffff:10.0.0.1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1", "::ffff:10.0.0.2"),
        ("::ffff:a00:1", "10.0.0.1", "10.0.0.2"),
        ("::ffff:10.0.0.0/104", "10.255.0.1", "11.0.0.1"),
    ],
)
def test_networks_and_addresses_can_be_allowed(text: str, inside: str, outside: str) -> None:
    allowed = Allowed.parse([text])
    assert refusal("hooks.example", [inside], allowed) is None
    assert refusal("hooks.example", [outside], allowed) is not None


def test_a_name_that_is_not_ascii_can_be_allowed() -> None:
    assert Allowed.parse(["Bücher.example"]).names == {"xn--bcher-kva.example"}


@pytest.mark.parametrize("text", ["hooks.example", "HOOKS.example", "hooks.example."])
def test_a_name_that_is_allowed_may_have_any_address(text: str) -> None:
    allowed = Allowed.parse(["10.0.0.0/8", text])
    assert refusal("hooks.example", ["93.184.216.34"], allowed) is None
    assert refusal("sub.hooks.example", ["93.184.216.34"], allowed) is not None


@for_each(
    "text",
    [
        "",
        "*",
        "http://hooks.example",
        "hooks.example:80",
        "10.0.0.0/33",
        "127.1",
        "a b",
        "☃.example",
        "..",
        "/8",
    ],
)
def test_only_hosts_and_networks_can_be_allowed(text: str) -> None:
    with pytest.raises(SettingError, match=r"--allow-target .*expected a host name"):
        Allowed.parse([text])


@given(st.integers(0, 2**32 - 1))
def test_a_number_is_not_a_host_name(number: int) -> None:
    for host in (str(number), oct(number).replace("o", ""), hex(number), f"1.{number}"):
        with pytest.raises(TargetError):
            host_of(host)


@given(st.text() | st.from_regex(r"https?://[\x20-\x7e]*", fullmatch=True))
def test_any_text_is_a_place_or_refused(url: str) -> None:
    with contextlib.suppress(TargetError):
        host, port = place_of(url)
        assert 0 < port < 65536
        assert host
        assert is_address(host) or set(host) <= {*"abcdefghijklmnopqrstuvwxyz0123456789._-"}
