"""Adobe's own Node SDK, as it comes from the registry and with nothing changed in it.

It finds the service by its environment only, unless a test says otherwise.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flowsim.adobe_clients.environment import node_preload, variables
from flowsim.core.payload import provider_id
from flowsim.events_service.providers.model import PLATFORM
from flowsim.events_service.registrations.model import Registration

from ..events_service.running import publish, register, until
from ..webhook import Webhook
from .reaching import PATIENCE, Reached, bare_environment
from .test_environment import ACCESS

JOURNAL = "https://events-va6.adobe.io"


def journal_of(reached: Reached, registration: Registration, host: str = JOURNAL) -> str:
    own = reached.local.service.installation
    place = f"events/organizations/{own.org}/integrations/{own.credential_id}"
    return f"{host}/{place}/{registration.registration_id}"


@pytest.fixture
def delivery(reached: Reached, webhook: Webhook) -> dict[str, Any]:
    """A delivery as a webhook got it, and for whom it is."""
    register(reached.local.service, webhook.url)
    publish(reached.local.service)
    until(lambda: bool(webhook.requests))
    [request] = webhook.requests
    recipient = reached.local.service.installation.client_id
    return {"body": request.body.decode(), "headers": request.headers, "recipient": recipient}


# Signatures.


def test_a_delivery_is_verified(reached: Reached, node: Path, delivery: dict[str, Any]) -> None:
    assert reached.read("node", node / "sdk.cjs", "verify", given=delivery) is True


def test_a_changed_delivery_is_not_verified(
    reached: Reached, node: Path, delivery: dict[str, Any]
) -> None:
    """The SDK says neither true nor false then, but nothing (2.4)."""
    body = delivery["body"].replace('"number":1', '"number":2')
    assert body != delivery["body"]
    assert reached.read("node", node / "sdk.cjs", "verify", given=delivery | {"body": body}) is None


def test_a_delivery_to_another_client_is_not_verified(
    reached: Reached, node: Path, delivery: dict[str, Any]
) -> None:
    other = delivery | {"recipient": "another client"}
    answer = reached.read("node", node / "sdk.cjs", "verify", given=other)
    assert answer["error"]["statusCode"] == 401


def test_a_key_missing_in_the_state_store_comes_from_the_key_host(
    reached: Reached, node: Path, delivery: dict[str, Any]
) -> None:
    """Past every proxy setting, which the SDK does not look at for keys (6.6).

    The first path names no key: the SDK treats the answer of the key host as a key. It is put into
    the state store, and verifies nothing (2.4).
    """
    headers = delivery["headers"] | {"x-adobe-public-key1-path": "/prod/keys/pub-key-none.pem"}
    given = delivery | {"headers": headers}
    assert reached.read("node", node / "sdk.cjs", "verify", given=given) is False
    [[kept]] = reached.local.service.database.rows(
        "SELECT value FROM state WHERE key = 'pub-key-none.pem'"
    )
    assert kept == b"no such key\n"


# The journal.


def test_the_journal_is_walked_page_by_page_to_its_end(reached: Reached, node: Path) -> None:
    registration = register(reached.local.service, None, "journal")
    ids = [publish(reached.local.service).event.id for _ in range(5)]
    given = {"journal": journal_of(reached, registration), "options": {"limit": 2}}
    walked = reached.read("node", node / "sdk.cjs", "walk", given=given)
    assert walked["pages"] == [ids[:2], ids[2:4], ids[4:]]
    assert walked["retryAfter"] == 10_000
    assert {"next", "validate"} <= {*walked["links"]}


def test_the_journal_is_observed(reached: Reached, node: Path) -> None:
    registration = register(reached.local.service, None, "journal")
    ids = [publish(reached.local.service).event.id for _ in range(3)]
    given = {"journal": journal_of(reached, registration), "count": 3}
    assert reached.read("node", node / "sdk.cjs", "observe", given=given) == ids


# Registrations and events.


def urls(reached: Reached) -> dict[str, str]:
    """Return the SDK's options that name the service, for users who can change their code."""
    return {"eventsBaseURL": reached.local.url, "eventsIngressURL": reached.local.url}


@pytest.mark.parametrize("by_option", [False, True], ids=["by environment", "by option"])
def test_a_registration_is_created_listed_and_deleted(
    reached: Reached, node: Path, by_option: bool
) -> None:
    own = reached.local.service.installation
    body = {
        "client_id": own.client_id,
        "name": "of the SDK",
        "delivery_type": "journal",
        "events_of_interest": [
            {"provider_id": provider_id(PLATFORM), "event_code": "sources_flow_run_success"}
        ],
    }
    given = {"body": body, "urls": urls(reached) if by_option else None}
    result = reached.read("node", node / "sdk.cjs", "register", given=given)
    id_ = result["made"]["registration_id"]
    assert result["made"] == result["read"]
    assert id_ in result["listed"]
    assert id_ not in result["left"]
    assert result["gone"] == "ERROR_GET_REGISTRATION"
    links = result["made"]["_links"]
    assert links["rel:events"]["href"].startswith(reached.local.url if by_option else JOURNAL)


@pytest.mark.parametrize("way", ["by option", "by proxy only", "by preload only"])
def test_an_event_is_published_and_read_back(reached: Reached, node: Path, way: str) -> None:
    closed = {
        "by option": {},
        "by proxy only": {"FLOWSIM_TLS_PORT": ""},
        "by preload only": {"HTTPS_PROXY": "", "https_proxy": ""},
    }
    given = {"data": {"answer": 42}, "urls": urls(reached) if way == "by option" else None}
    result = reached.read("node", node / "sdk.cjs", "publish", given=given, **closed[way])
    assert (result["unheard"], result["heard"]) == (None, "OK")
    [event] = result["read"]
    assert (event["data"], event["source"], event["id"]) == ({"answer": 42}, result["source"], "1")
    assert event["recipientclientid"] == reached.local.service.installation.client_id


# Other clients of Node's.

FETCHES = """
const https = require('node:https')
const url = 'https://static.adobeioevents.com' + process.argv[1]
const get = () => new Promise((resolve, reject) => https.get(url, async (answer) => {
  resolve(Buffer.concat(await answer.toArray()).toString())
}).on('error', reject))
const code = (error) => (error.cause ?? error).code
Promise.all([get().catch(code), fetch(url).then((answer) => answer.text()).catch(code)])
  .then((both) => process.stdout.write(JSON.stringify(both)))
"""


@pytest.mark.usefixtures("node")
def test_clients_without_proxy_support_reach_the_key_host_over_tls(
    reached: Reached, delivery: dict[str, Any]
) -> None:
    """Node's own https and fetch; without the authority they refuse to go on."""
    path = delivery["headers"]["x-adobe-public-key1-path"]
    pem = reached.local.service.public_pem(path).decode()
    assert reached.read("node", "-e", FETCHES, path) == [pem, pem]
    result = reached.read("node", "-e", FETCHES, path, NODE_EXTRA_CA_CERTS="")
    assert result == ["UNABLE_TO_VERIFY_LEAF_SIGNATURE"] * 2


@pytest.mark.usefixtures("node")
def test_the_preload_is_found_in_any_folder_of_installation(
    reached: Reached, tmp_path: Path, delivery: dict[str, Any]
) -> None:
    """In folders with blanks and quotes too, and beside options that were there before."""
    folder = tmp_path / 'my "own" lib\\'
    folder.mkdir()
    copied = shutil.copy(node_preload(), folder)
    access = replace(ACCESS, node_preload=str(copied))
    options = variables(access, {}, {"NODE_OPTIONS": "--no-deprecation"})["NODE_OPTIONS"]
    path = delivery["headers"]["x-adobe-public-key1-path"]
    result = reached.read("node", "-e", FETCHES, path, NODE_OPTIONS=options)
    assert result[0].startswith("-----BEGIN PUBLIC KEY-----")


# flowsim exec.


def test_exec_runs_a_script_of_adobes_sdk_as_it_is(node: Path, tmp_path: Path) -> None:
    """It finds the service by the command line only."""
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "flowsim",
            "exec",
            "--scenario",
            "partial",
            "--",
            "node",
            node / "journal.cjs",
        ],
        env=bare_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert " ".join(result.stdout.split()) == (
        "success { inputRecordCount: 1000, outputRecordCount: 970, failedRecordCount: 30 }"
    )
