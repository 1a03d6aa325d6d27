"""Faults of the bytes of the request body: the same value in other forms, or half of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import json_writing
from flowsim.core.signature import verify
from flowsim.families.registry import FAULTS
from flowsim.installation.key_sources import own_key

from ..webhook import Webhook
from .replaying import Flowsim, over_socket
from .way import KINDS, events_of, way_of

FORMS = ("json-escapes", "json-numbers", "json-white-space")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text() | st.floats(-1e6, 1e6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@pytest.mark.parametrize("form", FORMS)
@given(value=JSON)
def test_another_form_is_the_same_value(form: str, value: Any) -> None:
    body = json_writing.compact(value)
    fault = FAULTS[form].fault(seed=b"a seed")
    changed = fault.act(body, fault)
    assert in_numbers(json.loads(changed)) == in_numbers(value)


def in_numbers(value: Any) -> Any:
    """Return a value whose integers are floats, as all numbers are in JavaScript."""
    if isinstance(value, dict):
        return {key: in_numbers(each) for key, each in value.items()}
    if isinstance(value, list):
        return [*map(in_numbers, value)]
    return float(value) if type(value) is int else value


@given(value=JSON)
def test_all_forms_at_once_are_the_same_value_still(value: Any) -> None:
    body = json_writing.compact(value)
    for form in FORMS:
        fault = FAULTS[form].fault(seed=b"a seed")
        body = fault.act(body, fault)
    assert in_numbers(json.loads(body)) == in_numbers(value)


def test_each_form_is_what_the_name_of_the_fault_says() -> None:
    def body(fault: str) -> bytes:
        return way_of(events_of(), "non-ascii-text", fault).payloads[0].body

    assert b"\\u00dc" in body("json-escapes")
    assert b"\\/" in body("json-escapes")
    assert body("json-escapes").isascii()
    assert b'"inputRecordCount":1e3' in body("json-numbers")
    assert b'"failedRecordCount":30.0' in body("json-numbers")
    spaced = body("json-white-space")
    assert all(space in spaced for space in (b"\t", b"\r\n", b"  "))


def test_a_broken_body_is_text_in_utf_8_and_no_json() -> None:
    for kind in KINDS:
        body = way_of(events_of(kind), "non-ascii-text", "broken-json").payloads[0].body
        body.decode("utf-8")
        with pytest.raises(ValueError, match=r"line 1"):
            json.loads(body)


def test_changed_bytes_are_sent_as_they_were_signed(flowsim: Flowsim, webhook: Webhook) -> None:
    named = "json-escapes", "json-numbers", "json-white-space", "json-key-order", "non-ascii-text"
    _, (request,) = over_socket(flowsim, webhook, *named)
    verify(request.body, request.headers, own_key)
    assert b"\\u" in request.body
    assert b"e3" in request.body
    assert json.loads(request.body)["event"]["flowName"].startswith("Übernahme")
