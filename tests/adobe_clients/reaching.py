"""What unmodified clients need from a test: a running service, and its variables."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowsim.events_service.local_service import LocalService

PATIENCE = 60
"""Seconds that a client may take on a busy machine."""


@dataclass(frozen=True)
class Reached:
    """A service, and the environment in which programs find it as if it were Adobe's."""

    local: LocalService
    environment: dict[str, str]

    def run(
        self, *command: str | Path, given: object = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program, with JSON on its standard input, and return what it said."""
        return subprocess.run(
            [*map(str, command)],
            input=json.dumps(given),
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def read(self, *command: str | Path, given: object = None, **more: str) -> Any:
        """Return the JSON that is the last line a program prints; Adobe's logger prints others."""
        result = self.run(*command, given=given, **more)
        assert (result.returncode, result.stderr) == (0, ""), result.stderr + result.stdout
        return json.loads(result.stdout.splitlines()[-1])


def bare_environment(home: Path) -> dict[str, str]:
    """Return an environment without anything that a client could trust or go through."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "FLOWSIM_HOME": os.environ["FLOWSIM_HOME"],
    }
