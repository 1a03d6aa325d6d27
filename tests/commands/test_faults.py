"""``flowsim faults``: what can go wrong, and what a correct consumer does then."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

from flowsim.core.fault import POINTS
from flowsim.families.registry import FAULTS

Flowsim = Callable[..., Result]


def test_every_fault_is_listed_under_its_point_with_what_it_proves(flowsim: Flowsim) -> None:
    result = flowsim("faults")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    places = [text.index(f"{point}: {handed}:") for point, handed in POINTS.items()]
    assert places == sorted(places)
    for kind in FAULTS.values():
        only = f"{kind.family} only: " if kind.family else ""
        assert f" {only}{kind.summary} → {kind.expect}: {kind.proves}." in text
    assert all(len(line) <= 100 for line in result.stdout.splitlines())


def test_an_argument_is_shown_as_a_scenario_states_it(flowsim: Flowsim) -> None:
    lines = [line.strip() for line in flowsim("faults").stdout.splitlines()]
    assert [line for line in lines if line.startswith("{delay: 5m} ")]
    assert [line for line in lines if line.startswith("unsigned ")]


def test_json_has_one_object_per_fault(flowsim: Flowsim) -> None:
    objects = [json.loads(line) for line in flowsim("faults", "--json").stdout.splitlines()]
    assert [each["name"] for each in objects] == list(FAULTS)
    by_name = {each["name"]: each for each in objects}
    details = "Retries come up to 24 hours late (4.3). Mistake 50 of io-events-protocol.md 10."
    assert by_name["delay"] == {
        "name": "delay",
        "argument": {"is": "duration", "default": "5m"},
        "station": "delivery",
        "does": "The event is delivered some time after it happened.",
        "details": details,
        "proves": "a late event is accepted, and its own time is used, not the time of delivery",
        "expect": "delivered",
        "family": None,
    }
    assert by_name["counts-missing"]["family"] == "flow_run"
    assert by_name["drop"]["argument"] is None
