"""A payload as text: exact or with a line for each value, and never more than a page takes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowsim.dashboard.deliveries.raw_payload import MOST_SHOWN, raw

from ...cases import for_each
from ...strategies import JSON


def test_pretty_keeps_order_and_spelling() -> None:
    found = raw(b'{"b":1.0,"a":[1e5,{}, [ ]],"b":"x:,[\\"{"}', "pretty")
    lines = ["{", '  "b": 1.0,', '  "a": [', "    1e5,", "    {},", "    []", "  ],"]
    assert found.text.splitlines() == [*lines, '  "b": "x:,[\\"{"', "}"]
    assert (found.left_out, found.form) == (0, "pretty")


def test_what_is_no_json_is_shown_as_it_is() -> None:
    found = raw(b"{\x00\xff\x1b[2J", "pretty")
    assert (found.text, found.form) == ("{\\x00\\xff\\x1b[2J", "exact")
    assert found.note == "the body is not JSON in UTF-8: byte 3"


@for_each("form", ["exact", "pretty"])
@for_each("content", ["ü" * 1_000_000, [1] * 200_000, [[[]]] * 50_000, {"a" * 200_000: 1}])
def test_of_a_large_payload_only_the_beginning_is_shown(content: Any, form: str) -> None:
    body = json.dumps(content, ensure_ascii=False).encode()
    found = raw(body, form)
    assert len(found.text) <= MOST_SHOWN
    assert (found.left_out > 0, found.size, found.form) == (True, len(body), form)


@for_each("sign", [b"&", b"\\u0026", b"?", b"\\u003F"])
@for_each("form", ["exact", "pretty"])
def test_the_challenge_of_a_validation_url_is_masked(form: str, sign: bytes) -> None:
    body = b'{"validationUrl":"https://a/validate?id=1%schallenge=12345678-abcd"}' % sign
    assert "challenge=XXXXXXXX-abcd" in raw(body, form).text


@given(JSON)
def test_pretty_json_has_the_same_value(content: Any) -> None:
    found = raw(json.dumps(content).encode(), "pretty")
    assert json.loads(found.text) == content


@given(st.binary(max_size=300), st.sampled_from(["exact", "pretty"]))
def test_any_bytes_become_printable_lines(body: bytes, form: str) -> None:
    found = raw(body, form)
    assert found.text.replace("\n", "").isprintable()
