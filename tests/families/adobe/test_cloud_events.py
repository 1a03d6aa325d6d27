"""The SDKs of the CloudEvents project read the events of each family, but for what Adobe prints.

``BREAKS`` lists where a producer of Adobe breaks a rule of CloudEvents; the facts print it so. The
deprecated names of ids break one too (an underscore is not legal): events have the new names here.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.exceptions import CloudEventValidationError

from flowsim.core import payload
from flowsim.core.spec_values import RegistrationSpec

from ...cases import for_each
from ..told import FAMILIES, events_of_family

FORM = RegistrationSpec.model_validate(
    {"event_delivery_format": "cloud_events", "names": "new-only"}
)
UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
WITHOUT_CHARSET = "application/cloudevents+json"

URI = rf"urn:uuid:{UUID}|(?!urn:uuid:)[^\s<>\"{{}}|\\^`]+"
RULES = {
    "specversion": r"1\.0",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "source": URI,
    "dataschema": URI,
}
"""Attribute → what its value must be: a time of RFC 3339, a URI; any text or number for others."""

BREAKS: dict[str, dict[str, str]] = {
    "admin_audit": {"time": "epoch milliseconds as text"},
    "creative_cloud_asset": {
        "recipient": "an attribute that is an object",
        "source": "urn:uuid: before an id that is no UUID",
    },
    "express_job": {"adobeinternal": "an attribute that is an object"},
    "photoshop_job": {"adobeinternal": "an attribute that is an object"},
    "privacy_job": {"specversion": "0.2", "time": "as Java spells it"},
}
"""Family → attributes of its events that break a rule of CloudEvents 1.0, and how."""

REFUSED_IN_PYTHON = {"admin_audit": ValueError, "privacy_job": ValueError}
"""Family → what reading its events raises; objects as attributes are read."""

REFUSED_IN_NODE = {"privacy_job": "specversion 0.2"}
"""Family → what the SDK says; a time that it cannot read is silently replaced by the present."""


@cache
def bodies(name: str) -> list[str]:
    """Return the events of a family as CloudEvents, each alone."""
    return [payload.single(each, FORM).body.decode() for each in events_of_family(name)]


def broken(event: dict[str, Any]) -> Iterator[str]:
    """Yield the attributes that break a rule of CloudEvents 1.0."""
    yield from (name for name, value in event.items() if name != "data" and not fits(name, value))
    yield from {"id", "source", "type", "specversion"} - event.keys()


def fits(name: str, value: Any) -> bool:
    """Tell whether an attribute has a name and a value that CloudEvents 1.0 allows."""
    if not re.fullmatch("[a-z0-9]+", name) or not isinstance(value, (str, int)):
        return False
    rule = RULES.get(name, "(?s:.*)")
    return re.fullmatch(rule, str(value)) is not None


@for_each("name", FAMILIES)
def test_attributes_break_no_rule_but_those_that_adobe_breaks(name: str) -> None:
    assert BREAKS.keys() <= {*FAMILIES}
    found = {each for body in bodies(name) for each in broken(json.loads(body))}
    assert found == BREAKS.get(name, {}).keys()


@for_each("name", FAMILIES)
def test_the_python_sdk_reads_the_events_of_each_family(name: str) -> None:
    for body in bodies(name):
        message = HTTPMessage({"content-type": "application/cloudevents+json"}, body.encode())
        if name in REFUSED_IN_PYTHON:
            with pytest.raises((CloudEventValidationError, REFUSED_IN_PYTHON[name])):
                from_structured_event(message)
            continue
        read = from_structured_event(message)
        sent = json.loads(body)
        assert read.get_data() == sent["data"]
        assert (read.get_type(), read.get_source()) == (sent["type"], sent["source"])


@pytest.fixture(scope="module")
def program(node: Path) -> Path:
    return node / "cloudevents.cjs"


def complaints(program: Path, content_type: str, *sent: str) -> list[str | None]:
    """Return what the SDK for Node complains of, for each body."""
    given = json.dumps({"contentType": content_type, "bodies": sent})
    command = ["node", str(program)]
    made = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return list(json.loads(made.stdout))


def test_the_node_sdk_reads_the_events_of_each_family(program: Path) -> None:
    of = [(name, body) for name in FAMILIES for body in bodies(name)]
    found = complaints(program, WITHOUT_CHARSET, *(body for _, body in of))
    for (name, _), complaint in zip(of, found, strict=True):
        assert complaint == REFUSED_IN_NODE.get(name), name


def test_the_node_sdk_refuses_the_captured_content_type_for_its_charset(program: Path) -> None:
    """Adobe sends ``charset=UTF-8``; the SDK knows the small letters only."""
    body = bodies("audit_event")[0]
    (captured,) = (payload.single(each, FORM) for each in events_of_family("audit_event")[:1])
    assert complaints(program, captured.content_type, body) == [
        f"invalid content type {captured.content_type}"
    ]
    assert complaints(program, captured.content_type.lower(), body) == [None]
