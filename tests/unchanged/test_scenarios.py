"""What the shipped scenarios deliver, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from ..fixtures import SCENARIOS
from .recording import canonical, unchanged, without_times

Shown = Callable[..., str]

NAMES = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
AT = "2026-01-15T09:30:00Z"
SEEDS = ("1", "2", "3")
FORMS = ("body", "http", "json", "curl", "pretty")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("form", FORMS)
def test_show_prints_every_scenario_unchanged(shown: Shown, form: str) -> None:
    """Bodies with three seeds; the other forms have the signatures and headers too."""
    seeds = SEEDS if form == "body" else SEEDS[:1]
    command = "flowsim show {} --seed {} --at {} --as {}"
    lines = [command.format(name, seed, AT, form) for name in NAMES for seed in seeds]
    told = [f"{_digest(shown(*line.split()[1:]))}  {line}\n" for line in lines]
    hint = "the commands of these lines, with FLOWSIM_HOME=tests/unchanged/recorded | sha256sum"
    unchanged(f"show/{form}.sha256", "".join(told), hint)


@pytest.mark.parametrize("name", NAMES)
def test_replay_reports_every_scenario_unchanged(shown: Shown, name: str) -> None:
    """Attempts under way at once end in any order, so the lines are sorted."""
    command = f"replay {name} --seed 1 --at {AT} --json"
    *attempts, summary = without_times(shown(*command.split()))
    attempts.sort(key=lambda each: (str(each.get("delivery_id")), str(each.get("attempt"))))
    lines = [canonical(each).replace("\n", "") for each in [*attempts, summary]]
    unchanged(f"replay/{name}.jsonl", "\n".join(lines) + "\n", f"flowsim {command}")
