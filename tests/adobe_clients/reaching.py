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

    def tell(
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
        told = self.tell(*command, given=given, **more)
        assert (told.returncode, told.stderr) == (0, ""), told.stderr + told.stdout
        return json.loads(told.stdout.splitlines()[-1])


def bare_environment(home: Path) -> dict[str, str]:
    """Return an environment without anything that a client could trust or go through."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "FLOWSIM_HOME": os.environ["FLOWSIM_HOME"],
    }
