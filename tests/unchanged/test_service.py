"""The API of the service, and a data folder that an earlier version wrote."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import requests

from ..webhook import Webhook, echo, status
from .data_folder import AT, CODE, PROVIDER, client, command, objects, up
from .recording import FOLDER, canonical, unchanged

HELD = {
    "status": "registrations --json",
    "traces": "traces --registration held --json",
    "journal": "journal --registration reader --json",
}
"""Recorded file → the command that shows what the data folder holds."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data folder that an earlier version wrote."""
    return Path(shutil.copytree(FOLDER / "data", tmp_path / "data"))


def test_the_served_api_description_is_unchanged(data: Path) -> None:
    """Its examples are ids of the data folder."""
    with up(data) as ready:
        document = requests.get(f"{ready['url']}/_flowsim/openapi.json", timeout=10).json()
    text = canonical(document).replace(ready["url"], "<url>")
    unchanged("openapi.json", text, "flowsim up; curl localhost:4010/_flowsim/openapi.json")


def test_an_earlier_data_folder_shows_all_that_it_holds(data: Path) -> None:
    """Registrations, attempts, journal and the user's own provider."""
    with up(data) as ready:
        found = {name: command(ready, words) for name, words in HELD.items()}
        _, headers = client(ready)
        all_of_them = f"{ready['url']}/events/{ready['org']}/providers"
        listed = requests.get(all_of_them, headers=headers, timeout=10).json()
        own = {each["label"]: each["id"] for each in listed["_embedded"]["providers"]}
        codes = requests.get(
            f"{ready['url']}/events/providers/{own[PROVIDER['label']]}/eventmetadata",
            headers=headers,
            timeout=10,
        )
    found |= {"providers": canonical(listed), "codes": canonical(codes.json())}
    assert CODE["event_code"] in found["codes"]
    text = "".join(f"{name}\n{told.replace(ready['url'], '<url>')}" for name, told in found.items())
    command_line = "flowsim up --data COPY OF tests/unchanged/recorded/data --clock manual"
    unchanged("data.txt", text, f"{command_line}; flowsim {'; flowsim '.join(HELD.values())}")


def test_an_earlier_data_folder_goes_on_where_it_stood(data: Path) -> None:
    """The pending retry and a new event are delivered, to the webhook as it is now."""
    with up(data) as ready, Webhook([echo, status(200)]) as webhook:
        command(ready, f"registrations edit held --webhook {webhook.url}")
        command(ready, "advance 2m")
        (retry,) = webhook.requests[1:]
        assert retry.headers["x-adobe-retry-count"] == "1"
        command(ready, f"trigger success --seed 2 --at {AT}")
        command(ready, "advance 1s")
        held, _ = objects(ready, "registrations")
        journal = objects(ready, "journal --registration reader")
    event_ids = [json.loads(each.body)["event_id"] for each in webhook.requests[1:]]
    assert [each["event"]["event_id"] for each in journal] == event_ids
    assert (len(event_ids), held["pending"], held["succeeded"], held["failed"]) == (2, 0, 2, 1)
