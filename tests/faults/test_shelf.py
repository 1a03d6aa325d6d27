"""What every fault of the shelf has in common."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from flowsim import faults
from flowsim.core.fault import STATIONS
from flowsim.errors import SettingError

NAMES = faults.names()
FOLDER = Path(faults.__file__).parent
NO_ARGUMENTS = ([], {}, True, -5.5, "", "\n", "x" * 2_000, "a b\tc")


def module_of(name: str) -> ModuleType:
    return import_module(f"flowsim.faults.{name.replace('-', '_')}")


def test_a_fault_is_named_after_its_file_with_dashes() -> None:
    files = {path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")}
    assert {name.replace("-", "_") for name in NAMES} == files
    assert list(NAMES) == sorted(NAMES)
    assert not any("_" in name for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_holds_one_fault_which_says_what_it_does_and_what_it_proves(name: str) -> None:
    module, kind = module_of(name), faults.find(name)
    assert [each for each in STATIONS if hasattr(module, f"on_{each}")] == [kind.station]
    assert re.fullmatch(r"[A-Z0-9].{20,98}\.", kind.summary), kind.summary
    assert re.search(r"(Trap|Mistake)s? \d+", kind.details), "docs/adobe says why it is a fault"
    assert re.fullmatch(r"\S.{20,99}[^.]", kind.proves), kind.proves
    assert kind.expect in ("delivered", "rejected", "withheld")


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_can_be_named_without_an_argument(name: str) -> None:
    kind = faults.find(name)
    fault = kind.fault()
    assert (fault.name, fault.station) == (name, kind.station)
    assert fault == kind.fault(kind.argument and kind.argument.default)


@pytest.mark.parametrize("name", NAMES)
def test_an_argument_that_is_none_is_refused_in_words(name: str) -> None:
    for argument in NO_ARGUMENTS:
        with pytest.raises(ValueError, match=r"^(no argument|a |text |.* or )"):
            faults.find(name).parse(argument)


def test_faults_are_equal_by_name_and_argument_whoever_suffers_them() -> None:
    delay = faults.find("delay")
    assert delay.fault("5m", b"one") == delay.fault(300, b"another")
    assert delay.fault("5m") != delay.fault("6m")
    assert delay.fault("5m") != faults.find("stale-replay").fault("5m")


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(SettingError, match=r"no fault 'duplicates'; expected duplicate, "):
        faults.find("duplicates")
    with pytest.raises(SettingError, match="expected a name of `flowsim faults`"):
        faults.find("zzz")


def test_the_shelf_is_a_mapping_of_all_names() -> None:
    assert tuple(faults.SHELF) == NAMES
    assert len(faults.SHELF) == len(NAMES)
    assert faults.SHELF["drop"] is faults.find("drop")
    assert "on_payload" not in faults.SHELF
    with pytest.raises(KeyError):
        faults.SHELF["_edit"]


def numbers(text: str, before: str) -> set[int]:
    """Return the numbers that a text lists before some words."""
    listed = re.findall(rf"(?:Traps?|Mistakes?) ([\d, and]+) of {re.escape(before)}", text)
    return {int(number) for each in listed for number in re.findall(r"\d+", each)}


def test_every_trap_in_payloads_is_a_fault() -> None:
    known = set().union(
        *(numbers(faults.find(name).details, "flow-run-payloads.md 7.4") for name in NAMES)
    )
    assert known == set(range(1, 20))


def test_the_mistakes_of_consumers_that_a_sender_can_show_are_faults() -> None:
    """The others are about challenges, retries of one's own, or about asking Adobe's APIs."""
    known = set().union(
        *(numbers(faults.find(name).details, "io-events-protocol.md 10") for name in NAMES)
    )
    signatures = {1, 2, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 21, 25, 27, 29}
    assert known >= signatures | {31, 32, 33, 34, 36, 41, 42} | {46, 48, 49, 50, 51, 52}
