"""Webhooks with one mistake in one shape of events, or at one level: each is found every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ..cases import one_in
from ..consumers.correct import CorrectConsumer, Request
from ..consumers.runs import run_of
from .consumers import candidate, named, result

Json = dict[str, Any]

SHAPES: dict[str, Callable[[Json], bool]] = {
    "envelope": lambda element: "event" in element,
    "failure": lambda element: "messages" in element,
    "cloud event": lambda element: "data" in element,
    "flat run": lambda element: "flowId" in element,
    "as documented": lambda element: run_of(element).get("providerRefId") == "test1234",
}
"""Shape → whether an event has it."""

LEVELS = {
    "metrics": "metrics",
    "summaries": "recordSummary",
    "activities": "activities",
    "errors": "errors",
    "connections": "targetInfo",
    "references": "reference",
    "extensions": "manifest",
    "header": "_adobeio",
}
"""Level → an object there."""


def refusing(is_wrong: Callable[[Json], bool]) -> type[CorrectConsumer]:
    """Return a webhook that crashes at some events."""

    class Refusing(CorrectConsumer):
        def take(self, request: Request, element: Json) -> None:
            assert not is_wrong(element)
            super().take(request, element)

    return Refusing


def failed_at(is_wrong: Callable[[Json], bool], check: str) -> str:
    """Return what a check received of a webhook; it must be the only one that fails."""
    with candidate(refusing(is_wrong)) as webhook:
        findings = webhook.check(check, "statuses", processed=None)
    assert named(findings, "failed") == {check}
    return result(findings, check).verdict.received


@pytest.mark.parametrize("shape", SHAPES)
def test_a_count_in_text_is_refused_in_one_shape_only(shape: str) -> None:
    def is_wrong(element: Json) -> bool:
        sizes = run_of(element).get("metrics", {}).get("sizeSummary", {})
        return SHAPES[shape](element) and isinstance(sizes.get("inputBytes", 0), str)

    assert "count-as-text inputBytes" in failed_at(is_wrong, "numbers-as-text")


@pytest.mark.parametrize("summary", one_in(3, ["recordSummary", "sizeSummary", "fileSummary"]))
@pytest.mark.parametrize("shape", SHAPES)
def test_a_missing_summary_is_refused_in_one_shape_only(shape: str, summary: str) -> None:
    """Failures have no recordSummary in the run, but in the activity."""

    def is_wrong(element: Json) -> bool:
        activities = run_of(element).get("activities") or [{summary: {}}]
        return SHAPES[shape](element) and summary not in activities[-1]

    assert f"part-missing {summary}" in failed_at(is_wrong, "missing-counts")


@pytest.mark.parametrize("shape", SHAPES)
def test_members_in_another_order_are_refused_in_one_shape_only(shape: str) -> None:
    def is_wrong(element: Json) -> bool:
        run = run_of(element)
        return SHAPES[shape](element) and [*run].index("id") > [*run].index("metrics")

    assert failed_at(is_wrong, "member-order").endswith("json-key-order)")


@pytest.mark.parametrize("level", one_in(4, LEVELS))
def test_an_unknown_member_is_refused_at_one_level_only(level: str) -> None:
    def is_wrong(element: Json) -> bool:
        return any("inventedIn2031" in each for each in objects(element, LEVELS[level]))

    assert f"unknown-member {level})" in failed_at(is_wrong, "unknown-fields")


def objects(value: Any, name: str) -> Iterator[Json]:
    """Yield the objects with a name, and the objects of lists with it, at any depth."""
    if isinstance(value, list):
        for each in value:
            yield from objects(each, name)
    if isinstance(value, dict):
        for key, each in value.items():
            found = each if isinstance(each, list) else [each]
            yield from (one for one in found if key == name and isinstance(one, dict))
            yield from objects(each, name)
