"""Start one of the independent webhooks on a free port, and stop it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ..free_ports import free_port

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SECONDS_TO_START = 30
SECONDS_TO_STOP = 5


@dataclass
class Running:
    """A webhook that listens, the command that starts it, and the file with its events."""

    command: Sequence[str]
    url: str
    store: Path
    variables: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the webhook, and wait until it listens.

        Its output goes to the file `output` beside its store.
        """
        with (self.store.parent / "output").open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=os.environ | self.variables,
                stdout=output,
                stderr=output,
            )
        _wait_until_it_listens(self.process, int(self.variables["PORT"]))

    def stop(self) -> None:
        """End the webhook, by force if it does not end in time."""
        if self.process:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(SECONDS_TO_STOP)
            self.process.kill()
            self.process.wait()

    def restart(self) -> None:
        """End the webhook and start it again, at the same port and with the same store."""
        self.stop()
        self.start()


def listed() -> list[dict[str, Any]]:
    """Return the webhooks of list.yaml: name, file, argv, framework, and what it says of mistakes.

    Correct ones have no mistake.
    """
    webhooks: list[dict[str, Any]] = yaml.safe_load((HERE / "list.yaml").read_text())
    return webhooks


def command(name: str) -> list[str]:
    """Return the command that starts a webhook; raise KeyError for an unknown name."""
    by_name = {webhook["name"]: webhook["argv"] for webhook in listed()}
    return [sys.executable if word == "python" else word for word in by_name[name]]


def running(
    name: str, keys_port: int, **environment: str
) -> contextlib.AbstractContextManager[Running]:
    """Run a webhook of list.yaml while the block lasts; see ``started``."""
    return started(command(name), keys_port, **environment)


@contextlib.contextmanager
def started(words: Sequence[str], keys_port: int, **environment: str) -> Iterator[Running]:
    """Run a command that serves a webhook; environment has its other variables, such as QUEUE.

    Its store is deleted at the end, unless STORE names it.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = Path(environment.get("STORE", f"{folder}/store"))
        port = int(environment.get("PORT") or free_port())
        variables = {
            "CLIENT_ID": "flowsim-client",
            "KEY_HOST": f"http://127.0.0.1:{keys_port}",
            **environment,
            "PORT": str(port),
            "STORE": str(store),
        }
        webhook = Running(words, f"http://127.0.0.1:{port}/hook", store, variables)
        try:
            webhook.start()
            yield webhook
        finally:
            webhook.stop()


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the webhook does not listen at port {port}: {process.args!r}")
