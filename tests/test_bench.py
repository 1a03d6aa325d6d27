"""The benchmark runs; what it finds is for people to judge."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from bench.in_process import reading, replayer

from .fixtures import SCENARIOS


@pytest.mark.slow
def test_one_measurement_prints_its_row() -> None:
    command = [sys.executable, "-m", "bench", "--only", "help", "--rounds", "1"]
    told = subprocess.check_output(command, cwd=SCENARIOS.parent, text=True)
    row = (
        r"help +│ flowsim --help +│ +\d+ ms +│ \d+ ms \(import click\) +│ +\d+\.\d\d +│ at most 1.5"
    )
    assert re.search(row, told)


def test_a_replay_in_process_can_be_measured() -> None:
    assert replayer(is_new=False)(reading) > 0
