"""Makes a data folder through public commands: ``python -m tests.unchanged.data_folder FOLDER``.

So the recorded one was made, by the version before the modules moved. What is in it:

- ``held``: a registration whose webhook answered 503, with one retry pending and a trace;
- ``reader``: a registration without a webhook, with the same event in its journal;
- a provider of the user's own with one event code.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import requests
from click.testing import CliRunner

from flowsim.commands import main

from ..commands.forked import Forked
from ..webhook import Webhook, echo, status

AT = "2026-01-15T09:30:00Z"
PROVIDER = {"label": "Own provider", "description": "Of a user.", "instance_id": "own"}
CODE = {"event_code": "own.code", "label": "Own", "description": "An own event."}


@contextmanager
def up(data: str | Path) -> Iterator[dict[str, Any]]:
    """Run ``flowsim up`` on a manual clock with a data folder; yield its ready line."""
    words = ("up", "--json", "--port", "0", "--clock", "manual", "--data", str(data))
    with Forked(*words) as process:
        try:
            yield json.loads(process.stdout.readline())
            process.send_signal(signal.SIGTERM)
            process.communicate()
        finally:
            process.kill()


def command(ready: dict[str, Any], words: str) -> str:
    """Run a command against the service, and return what it prints."""
    result = CliRunner().invoke(main, [*words.split(), "--service", ready["url"]])
    assert result.exit_code == 0, result.output
    return result.stdout


def objects(ready: dict[str, Any], words: str) -> list[dict[str, Any]]:
    """Run a command with ``--json``, and return the objects that it prints."""
    return [json.loads(line) for line in command(ready, f"{words} --json").splitlines()]


def client(ready: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the address of the user's providers, and the headers of a call."""
    lines = Path(ready["credentials"]).read_text(encoding="utf-8").splitlines()
    held = dict(line.split("=", 1) for line in lines)
    headers = {
        "authorization": f"Bearer {held['FLOWSIM_TOKEN']}",
        "x-api-key": held["FLOWSIM_CLIENT_ID"],
        "content-type": "application/json",
    }
    place = f"{ready['org']}/{ready['project']}/{ready['workspace']}"
    return f"{ready['url']}/events/{place}/providers", headers


def fill(ready: dict[str, Any]) -> None:
    """Make what the folder holds."""
    providers, headers = client(ready)
    made = requests.post(providers, json=PROVIDER, headers=headers, timeout=10)
    assert made.ok, made.text
    codes = f"{providers}/{made.json()['id']}/eventmetadata"
    answer = requests.post(codes, json=CODE, headers=headers, timeout=10)
    assert answer.ok, answer.text
    with Webhook([echo, status(503)]) as webhook:
        command(ready, f"register --name held --webhook {webhook.url}")
        command(ready, "register --name reader --journal")
        command(ready, f"trigger partial --seed 1 --at {AT}")
        command(ready, "advance 1s")


def make(folder: Path) -> None:
    """Make the folder, and leave one file in it."""
    with up(folder) as ready:
        fill(ready)
    with closing(sqlite3.connect(folder / "events.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("VACUUM")
    for each in folder.iterdir():
        if each.name != "events.sqlite3":
            each.unlink()
    print(os.path.getsize(folder / "events.sqlite3"))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
