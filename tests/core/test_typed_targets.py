"""The address of a webhook, as people type it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flowsim.core.targets import host_and_port, is_plain, parse_target
from flowsim.core.wire import raw_head
from flowsim.errors import TargetError

from ..cases import for_each

URL_LIKE = st.text(st.sampled_from("http3210s:/.[]@%?#&=ax-é \\\x00"), max_size=30)
AFTER_SCHEME = st.text(max_size=30).map("http://".__add__)
ANY_TEXT = st.one_of(st.text(), URL_LIKE, URL_LIKE.map("http://".__add__), AFTER_SCHEME)


@for_each(
    ("typed", "url"),
    [
        ("3000", "http://127.0.0.1:3000/"),
        (":3000", "http://127.0.0.1:3000/"),
        ("3000/hook", "http://127.0.0.1:3000/hook"),
        (":3000/hook", "http://127.0.0.1:3000/hook"),
        ("3000?code=1", "http://127.0.0.1:3000?code=1"),
        ("localhost", "http://localhost/"),
        ("localhost:3000", "http://localhost:3000/"),
        ("localhost:3000/hook", "http://localhost:3000/hook"),
        ("[::1]:3000/hook", "http://[::1]:3000/hook"),
        ("example.com/a/b", "http://example.com/a/b"),
        ("http://example.com", "http://example.com/"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com#part", "https://example.com/"),
        ("https://bücher.example:8443/a", "https://xn--bcher-kva.example:8443/a"),
        ("BÜCHER.example/a", "http://xn--bcher-kva.example/a"),
        ("my_host.straße.example", "http://my_host.xn--strae-oqa.example/"),
        ("http://日本語。jp?x=1", "http://xn--wgv71a119e.jp?x=1"),
    ],
)
def test_missing_parts_of_a_target_are_completed(typed: str, url: str) -> None:
    assert parse_target(typed) == url


@for_each(
    "url",
    [
        "https://example.com/hook?x=%2F&y=a%20b",
        "https://EXAMPLE.com:443/a/../b//c/",
        "HTTPS://example.com/~me;v=1?a[]={1}&b",
        "http://127.0.0.1:3000/%7Eme/%E2%82%AC?",
        "http://[fe80::1]:3000/hook",
    ],
)
def test_a_full_url_is_kept_letter_for_letter(url: str) -> None:
    assert parse_target(url) == url


@for_each(
    "typed",
    [
        "",
        "/hook",
        ":",
        "0",
        "65536",
        "http://",
        "http:///hook",
        "http://:3000/hook",
        "http://[::1",
        "http://host:port/",
        "http://host:99999/",
        "http://host:-1/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "ws://localhost:3000/",
        "https://example.com/a b",
        "https://example.com/é",
        "https://m_ünchen.example/",
        "https://\uff4cocalhost/",
        "http://127。0。0。1/",
        "https://☃.example/",
        f"https://{'ü' * 300}.example/",
        "http:/localhost:3000/hook",
        "https:localhost",
        "http://example.com/\r\nx-evil: 1",
        "\u0663\u0660\u0660\u0660",
    ],
)
def test_other_texts_are_refused_with_an_example(typed: str) -> None:
    with pytest.raises(TargetError, match="expected an address such as 3000"):
        parse_target(typed)


@pytest.mark.parametrize("typed", ["ftp://example.com/", "file:///etc/passwd", "ws://localhost:1"])
def test_a_scheme_that_no_webhook_speaks_is_named(typed: str) -> None:
    scheme = typed.partition(":")[0]
    with pytest.raises(TargetError, match=f"its scheme is {scheme}, not http or https; expected"):
        parse_target(typed)


def test_a_user_name_or_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(TargetError, match="user name or password") as caught:
        parse_target("https://me:secret@example.com/hook")
    assert "secret" not in str(caught.value)


@given(ANY_TEXT)
@example("http://h?")
@example("3000?")
@example("http://h#/?x")
@example("http://[v1.a]/")
@example("http://[::1%25lo]/")
@example("http://h:/")
@example("http://h\\evil/")
@example("http://%00/")
def test_any_text_is_a_url_or_a_target_error(typed: str) -> None:
    """A URL that comes out can be used: it parses again to itself and a transport takes it."""
    try:
        url = parse_target(typed)
    except TargetError:
        return
    assert parse_target(url) == url
    host, port = host_and_port(url)
    assert host
    assert 0 < port < 65536
    assert raw_head(url, {}, 0).startswith(b"POST /")


@pytest.mark.parametrize("typed", ["http://h?", "3000?", "localhost:3000?"])
def test_a_query_without_content_stays_without_content(typed: str) -> None:
    assert not parse_target(typed).endswith("?/")


@for_each(
    ("url", "place"),
    [
        ("http://example.com/hook", ("example.com", 80)),
        ("https://example.com/hook", ("example.com", 443)),
        ("https://example.com:8443/hook", ("example.com", 8443)),
        ("http://[::1]:3000/", ("::1", 3000)),
    ],
)
def test_the_port_follows_from_the_scheme(url: str, place: tuple[str, int]) -> None:
    assert host_and_port(url) == place


ADDRESSES = ["3000", ":3000", ":3000/hook", "3000?x=1", "http://a", "https://a/b", "localhost"]
ADDRESSES += ["localhost:3000", "LOCALHOST:3000/hook", "127.0.0.1", "10.0.0.1:80/x", "[::1]:3000"]
ADDRESSES += ["consumer:3000/hook", "my-host.example:80"]


@for_each("text", ADDRESSES)
def test_a_text_that_is_hardly_a_file_is_an_address(text: str) -> None:
    assert is_plain(text)
    assert parse_target(text)


@for_each(
    "text",
    ["", "partial", "3000.yaml", "a/b", "./3000", "2026-01-15", "C:", "a:b", "my.yaml", "-", "1.2"],
)
def test_a_text_that_may_be_a_file_is_not_an_address(text: str) -> None:
    assert not is_plain(text)


@given(ANY_TEXT)
def test_is_plain_accepts_any_text(text: str) -> None:
    assert is_plain(text) in (True, False)
