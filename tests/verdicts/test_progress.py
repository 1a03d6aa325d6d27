"""The bar while checks run. That ``flowsim check`` shows it on a terminal: test_check.py."""

from __future__ import annotations

import click
import pytest

from flowsim.checks.check import passed
from flowsim.verdicts.progress import ProgressBar

from .findings import result


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the standard error pass for a terminal."""
    for name, value in (("FORCE_COLOR", "1"), ("TERM", "xterm"), ("COLUMNS", "80")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_the_bar_names_the_check_that_runs_and_counts_those_before_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bar = ProgressBar(3)
    for name in ("answers", "unsigned"):
        bar.running(result(passed(), name=name).check)
    bar.stop()
    captured = capsys.readouterr()
    assert captured.out == ""
    last = click.unstyle(captured.err).strip().splitlines()[-1]
    assert "1/3" in last
    assert last.rstrip().endswith("unsigned")
