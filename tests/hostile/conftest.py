"""What these tests share: the command line, and scenarios that try to harm a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from ..commands.serving import serving
from .text import HOSTILE, OPTION, SHOWN, assert_harmless

__all__ = ["serving"]

Flowsim = Callable[..., Result]
Run = Callable[..., str]


@pytest.fixture(params=[False, True], ids=["plain", "coloured"])
def run(request: pytest.FixtureRequest, flowsim: Flowsim) -> Run:
    """Run a command and return all that it printed, which may not harm a terminal."""

    def run(*words: object, shows: bool = True, exit_codes: tuple[int, ...] = (0, 1, 2)) -> str:
        result = flowsim(*words, color=request.param, input="")
        assert result.exit_code in exit_codes, words
        assert_harmless(result.output, folded=words[0] == "diff")
        assert not shows or any(each in result.output for each in SHOWN), result.output
        return result.output

    return run


@pytest.fixture
def hostile_story(tmp_path: Path) -> Path:
    """A scenario that says hostile text wherever text may be, in a file that is called so."""
    said = json.dumps(HOSTILE)
    path = tmp_path / f"{OPTION}.yaml"
    error = f"{{code: {said}, message: {said}}}"
    path.write_text(
        f"description: {said}\nseed: 7\nat: 2026-01-15T09:30:00Z\nevents:\n"
        f"  - flow_run: {{name: {said}, errors: [{error}], sandbox: {said}, status: failed}}\n"
        f"    override: {{{said}: {said}}}\n"
        f"  - {{payload: {{{said}: {said}}}}}\n"
    )
    return path


@pytest.fixture
def hostile_mistakes(tmp_path: Path) -> Path:
    """A scenario with hostile text wherever something else is expected."""
    said = json.dumps(HOSTILE)
    path = tmp_path / f"{OPTION}-mistaken.yaml"
    path.write_text(
        f"{said}: 1\nseed: {said}\nat: {said}\nflow: {{source: {said}}}\nevents:\n"
        f"  - {{flow_run: {{{said}: {said}}}, faults: [{said}], expect: {said}, after: {said}}}\n"
        f"  - {{event_code: {said}, event_id: {said}, payload: 1}}\n"
    )
    return path
