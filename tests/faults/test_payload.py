"""Faults of the content of the request body."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.core.spec_values import RegistrationSpec

from ..cases import for_each
from .way import KINDS, NAMES, events_of, way_of, ways_of


@pytest.mark.parametrize("kind", KINDS)
def test_other_format_is_the_body_for_a_registration_of_that_format(kind: str) -> None:
    envelope, cloud = ways_of(kind, "other-format")
    plain_envelope, plain_cloud = ways_of(kind)
    assert (envelope.payloads[0].content_type, cloud.payloads[0].content_type) == (
        plain_cloud.payloads[0].content_type,
        plain_envelope.payloads[0].content_type,
    )
    assert {**envelope.content, "source": 0} == {**plain_cloud.content, "source": 0}
    assert cloud.element == plain_envelope.element


@pytest.mark.parametrize("kind", KINDS)
def test_ids_have_only_new_names_or_only_old_ones(kind: str) -> None:
    for fault, left in (
        ("deprecated-names-removed", {"eventid", "recipientclientid"}),
        ("new-names-missing", {"event_id", "recipient_client_id"}),
    ):
        for way in ways_of(kind, fault):
            assert set(way.element) & NAMES == left


@for_each("names", ["both", "new-only", "old-only", "as-documented"])
def test_renamed_ids_are_right_for_every_setting_of_the_registration(names: Any) -> None:
    spec = RegistrationSpec(names=names)
    way = way_of(events_of(), "deprecated-names-removed", registration=spec)
    assert not set(way.element) & {"event_id", "recipient_client_id"}
    assert "eventid" in way.element
    foreign = way_of(events_of(), "foreign-recipient", registration=spec).element
    named = {foreign[name] for name in NAMES & set(foreign) if "recipient" in name}
    assert named
    assert spec.client_id not in named
    missing = way_of(events_of(), "recipient-missing", registration=spec).element
    assert not {"recipientclientid", "recipient_client_id"} & set(missing)


def test_keys_in_reverse_order_are_the_same_keys() -> None:
    plain, reverse = way_of(events_of()).content, way_of(events_of(), "json-key-order").content
    assert plain == reverse
    assert [*plain] == [*reversed(reverse)]
