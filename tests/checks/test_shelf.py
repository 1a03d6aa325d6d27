"""What every check of the shelf has in common."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from flowsim import checks
from flowsim.checking.scripting import Script
from flowsim.core.judging.check import GROUPS, LEVELS
from flowsim.errors import SettingError

NAMES = checks.names()
FOLDER = Path(checks.__file__).parent
SCRIPT = Script(
    "0123456789abcdef0123456789abcdef", "adobe_io", 1, "token", "127.0.0.1:1", "127.0.0.1:2"
)


def test_a_check_is_named_after_its_file_with_dashes() -> None:
    files = {path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")}
    assert {name.replace("-", "_") for name in NAMES} == files
    assert NAMES[0] == "answers"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_what_it_claims_why_that_matters_and_what_to_do(name: str) -> None:
    check = checks.find(name)
    module = import_module(f"flowsim.checks.{name.replace('-', '_')}")
    assert check.group in GROUPS
    assert check.level in LEVELS
    assert re.fullmatch(r"[A-Z].{20,98}\.", check.claim), check.claim
    assert re.search(r"(Trap|Mistake)s? \d+|Section \d", module.__doc__ or "")
    assert check.why.endswith((".", "?"))
    assert check.advice.endswith(".")
    assert re.fullmatch(r"https://[a-z.-]+/\S+", check.page)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_check_sends_is_a_scenario_that_can_be_told(name: str) -> None:
    check = checks.find(name)
    if check.events:
        story = SCRIPT.story(check)
        assert list(story.payloads())
        assert story.name == name


def test_checks_are_chosen_by_name_and_by_group_and_the_first_is_always_there() -> None:
    def chosen(*only: str, skip: tuple[str, ...] = ()) -> list[str]:
        return [check.name for check in checks.select(only, skip)]

    assert chosen("unsigned") == ["answers", "unsigned"]
    assert chosen("unsigned", "tampered-body") == ["answers", "tampered-body", "unsigned"]
    assert {checks.find(name).group for name in chosen("signature")} == {"http", "signature"}
    assert "unsigned" not in chosen(skip=("signature",))
    assert chosen() == [*NAMES]


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(SettingError, match=r"'signatures'; expected signature, "):
        checks.select(["signatures"])
    with pytest.raises(SettingError, match="expected a name of `flowsim check --list`"):
        checks.select(skip=["zzzz"])
    with pytest.raises(SettingError, match="no check is left"):
        checks.select(["unsigned"], ["signature"])
