"""Headers with what they mean, whatever has come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import headers
from flowsim.core.delivery import Delivery, attempt
from flowsim.core.instant import EARLIEST
from flowsim.core.signature import SignedPayload
from flowsim.dashboard.deliveries.header_lines import explained
from flowsim.runtime.chance import Chance
from flowsim.story.opening import open_story

from ...cases import for_each


@for_each("retries", [0, 3])
def test_every_header_of_a_delivery_is_explained(retries: int) -> None:
    payload = next(open_story("partial").payloads())
    signed = SignedPayload(payload, ("a", "b"), ("/a", "/b"))
    delivery = Delivery(1, signed, EARLIEST, "http://a", "provider", retries=retries)
    sent = headers.of_attempt(attempt(delivery, 1, Chance.of(1, "")))
    lines = explained(sent.items())
    assert [each.name for each in lines] == [*sent]
    assert all(each.means and each.source for each in lines)


@for_each(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer abcdefgh1234", "XXXXXX XXXXXXXX1234"),
        ("cookie", "a=b", "X=X"),
        ("location", "https://a/?challenge=12345678-abcd", "https://a/?challenge=XXXXXXXX-abcd"),
        ("x-other", "plain \x1b[2J", "plain \\x1b[2J"),
    ],
)
def test_secrets_are_masked_and_controls_escaped(name: str, value: str, shown: str) -> None:
    (line,) = explained([(name, value)])
    assert line.value == shown


@given(st.lists(st.tuples(st.text(), st.text())))
def test_any_headers_become_printable_lines(lines: list[tuple[str, str]]) -> None:
    found = explained(lines)
    assert len(found) == len(lines)
    assert all((each.name + each.value).isprintable() for each in found)


def test_many_long_headers_are_cut() -> None:
    found = explained([("a", "x" * 100_000)] * 1_000)
    assert (len(found), len(found[0].value), found[0].cut) == (200, 2_000, 98_000)
