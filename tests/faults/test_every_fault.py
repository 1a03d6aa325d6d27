"""What all faults have in common."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

from flowsim import faults
from flowsim.core.fault import POINTS
from flowsim.core.spec_values import EXPECTATIONS
from flowsim.families.flow_run import faults as faults_of_flow_runs
from flowsim.families.registry import FAULTS, kinds_in

from ..cases import for_each

UNFIT = ([], {}, True, -5.5, "", "\n", "x" * 2_000, "a b\tc")


OWN_FILES = {("payload", "batches"), ("payload", "cloud_events")}


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for each in iter_modules(package.__path__, f"{package.__name__}."):
        yield import_module(each.name)


def test_every_decorated_function_is_a_fault_of_its_own_name() -> None:
    found = [kind for each in modules(faults) for kind in kinds_in(each)]
    found += [kind for each in modules(faults_of_flow_runs) for kind in kinds_in(each)]
    assert sorted(kind.name for kind in found) == [*FAULTS]
    assert all(FAULTS[kind.name] is kind for kind in found)


def test_a_fault_of_any_event_is_in_the_file_of_its_point() -> None:
    """Faults of batches and of attributes of CloudEvents act at the payload, in own files."""
    for kind in FAULTS.values():
        if not kind.family:
            file = kind.act.__module__.removeprefix("flowsim.faults.")
            assert file == kind.point or (kind.point, file) in OWN_FILES


def test_a_story_without_faults_imports_no_fault_module() -> None:
    program = """
import sys
from flowsim.story.opening import open_story
assert list(open_story("partial").payloads())
assert "flowsim.faults.wire" not in sys.modules
assert list(open_story("faults-rejected").payloads())
assert "flowsim.faults.wire" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@for_each("name", FAULTS)
def test_a_fault_says_what_it_does_and_what_it_proves(name: str) -> None:
    kind = FAULTS[name]
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)
    assert kind.point in POINTS
    assert kind.family in ("", "flow_run")
    assert re.fullmatch(r"[A-Z0-9].{20,98}\.", kind.summary), kind.summary
    assert re.search(r"(Trap|Mistake)s? \d+", kind.details), "docs/adobe says why it is a fault"
    assert re.fullmatch(r"\S.{20,99}[^.]", kind.proves), kind.proves
    assert kind.expect in (*EXPECTATIONS, "withheld")


def test_a_fault_can_be_named_without_an_argument() -> None:
    for name, kind in FAULTS.items():
        fault = kind.fault()
        assert (fault.name, fault.point) == (name, kind.point)
        assert fault == kind.fault(kind.argument and kind.argument.default), name


@for_each("name", FAULTS)
def test_an_argument_that_does_not_fit_is_refused_with_a_reason(name: str) -> None:
    for argument in UNFIT:
        with pytest.raises(ValueError, match=r"^(no argument|a |text |.* or )"):
            FAULTS[name].parse(argument)


def test_faults_are_equal_by_name_and_argument_at_all_events() -> None:
    delay = FAULTS["delay"]
    assert delay.fault("5m", b"one") == delay.fault(300, b"another")
    assert delay.fault("5m") != delay.fault("6m")
    assert delay.fault("5m") != FAULTS["stale-replay"].fault("5m")


def numbers(text: str, before: str) -> set[int]:
    """Return the numbers that a text lists before some words."""
    listed = re.findall(rf"(?:Traps?|Mistakes?) ([\d, and]+) of {re.escape(before)}", text)
    return {int(number) for each in listed for number in re.findall(r"\d+", each)}


def test_every_trap_in_payloads_has_a_fault() -> None:
    known = set().union(
        *(numbers(kind.details, "flow-run-payloads.md 7.4") for kind in FAULTS.values())
    )
    assert known == set(range(1, 20))


def test_consumer_mistakes_that_a_sender_can_detect_are_faults() -> None:
    """The others are about challenges, retries of one's own, or about asking Adobe's APIs."""
    known = set().union(
        *(numbers(kind.details, "io-events-protocol.md 10") for kind in FAULTS.values())
    )
    signatures = {1, 2, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 21, 25, 27, 29}
    assert known >= signatures | {31, 32, 33, 34, 36, 41, 42} | {46, 48, 49, 50, 51, 52}
