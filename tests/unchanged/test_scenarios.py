"""What the shipped scenarios deliver, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from ..fixtures import SCENARIOS
from .recording import FOLDER, canonical, unchanged, without_times

Shown = Callable[..., str]

NAMES = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
AT = "2026-01-15T09:30:00Z"
SEEDS = ("1", "2", "3")
FORMS = ("body", "http", "json", "curl", "pretty")
COMMAND = "flowsim show {} --seed {} --at {} --as {}"
HINT = "the commands of these lines, with FLOWSIM_HOME=tests/unchanged/recorded | sha256sum"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_show_prints_every_scenario_unchanged(shown: Shown, form: str) -> None:
    """Bodies with three seeds; the other forms have the signatures and headers too."""
    seeds = SEEDS if form == "body" else SEEDS[:1]
    lines = [COMMAND.format(name, seed, AT, form) for name in NAMES for seed in seeds]
    unchanged(f"show/{form}.sha256", "".join(_lines(shown, lines)), HINT)


@pytest.mark.parametrize("form", FORMS)
def test_show_prints_some_scenarios_unchanged(shown: Shown, form: str) -> None:
    """The body of each scenario, and of one in eight the other forms."""
    recorded = (FOLDER / f"show/{form}.sha256").read_text("utf-8").splitlines(keepends=True)
    wanted = {f" {name} --seed 1 " for name in (NAMES if form == "body" else NAMES[::8])}
    some = [line for line in recorded if any(each in line for each in wanted)]
    assert len(some) == len(wanted)
    assert _lines(shown, [line.strip().partition("  ")[2] for line in some]) == some


def _lines(shown: Shown, commands: list[str]) -> list[str]:
    return [f"{_digest(shown(*each.split()[1:]))}  {each}\n" for each in commands]


@pytest.mark.parametrize("name", NAMES)
def test_replay_reports_every_scenario_unchanged(shown: Shown, name: str) -> None:
    """Attempts under way at once end in any order, so the lines are sorted."""
    command = f"replay {name} --seed 1 --at {AT} --json"
    *attempts, summary = without_times(shown(*command.split()))
    attempts.sort(key=lambda each: (str(each.get("delivery_id")), str(each.get("attempt"))))
    lines = [canonical(each).replace("\n", "") for each in [*attempts, summary]]
    unchanged(f"replay/{name}.jsonl", "\n".join(lines) + "\n", f"flowsim {command}")
