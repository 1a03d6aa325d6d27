"""Every event code has the same bytes today as when it was recorded, in any process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ..checkout import CHECKOUT
from ..families.told import CODES, FIRST
from .event_bodies import digests
from .recording import unchanged


def test_the_bodies_of_each_event_code_are_as_recorded() -> None:
    """What a change of a family's file changes is shown by ``flowsim events CODE``."""
    unchanged("event-bodies.txt", digests(), "python -m tests.unchanged.event_bodies")


@pytest.mark.parametrize(
    "codes", [FIRST[::8], pytest.param(CODES, marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_they_are_the_same_twice_and_in_another_process(codes: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.unchanged.event_bodies", *codes],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONHASHSEED": "1", "TZ": "Pacific/Chatham", "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    assert said.stdout.decode() == digests(codes) == digests(codes)
