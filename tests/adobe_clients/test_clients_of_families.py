"""Adobe's clients with events of other products, as they come from the registry."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flowsim.core.payload import provider_id
from flowsim.events_service.control.bodies import TriggerBody
from flowsim.events_service.control.triggering import trigger
from flowsim.events_service.registrations.model import EventOfInterest, Registration
from flowsim.families import registry

from ..events_service.running import register, until
from ..webhook import Webhook
from .reaching import PATIENCE, Reached, bare_environment
from .test_node_sdk import journal_of

FORMS = {
    "a CloudEvent": "aem.sites.contentFragment.modified",
    "a CloudEvent with data first": "QUEUED",
    "CloudEvents 0.2": "com.adobe.platform.gdpr.jobcomplete",
    "the adobe_io format": "pipeline_execution_started",
    "a CloudEvent inside an envelope": "com.adobe.platform.marketo.audit.user.defaultprogram",
}
"""The forms in which products write events, each with the code of one."""

SHOP = {
    "code": "com.adobe.commerce.observer.catalog_product_save_after",
    "label": "A shop",
    "instance": "shop-1",
}
"""What the installation of a Commerce app registers."""


def asks_for(reached: Reached, url: str | None, kind: str, *codes: str) -> Registration:
    """Register for event codes of any families."""
    found = [(registry.shipped().by_code(code), code) for code in codes]
    asked = tuple(
        EventOfInterest(provider_id(each.provider.id), code) for each, code in found if each
    )
    return register(reached.local.service, url, kind, events_of_interest=asked)


def tell(reached: Reached, *entries: dict[str, Any]) -> list[str]:
    """Publish a story to all registrations, and return the event ids in order."""
    body = TriggerBody(text=json.dumps({"seed": 7, "events": entries}))
    done = trigger(reached.local.service, body)
    return [each.event_id for each in done.events if each.event_id]


def tell_code(reached: Reached, code: str) -> list[str]:
    """Publish the example of an event code."""
    found = trigger(reached.local.service, TriggerBody(scenario=code)).events
    return [each.event_id for each in found if each.event_code == code and each.event_id]


# Adobe I/O Events.


@pytest.mark.parametrize("code", FORMS.values(), ids=FORMS)
def test_a_delivery_in_any_form_is_verified(
    reached: Reached, node: Path, webhook: Webhook, code: str
) -> None:
    registration = asks_for(reached, webhook.url, "webhook", code)
    tell_code(reached, code)
    until(lambda: bool(webhook.requests))
    request = webhook.requests[0]
    given = {
        "body": request.body.decode(),
        "headers": request.headers,
        "recipient": registration.client_id,
    }
    assert reached.read("node", node / "sdk.cjs", "verify", given=given) is True


def test_a_journal_of_events_in_all_forms_is_walked(reached: Reached, node: Path) -> None:
    codes = [*FORMS.values()]
    registration = asks_for(reached, None, "journal", *codes)
    ids = [id_ for code in codes for id_ in tell_code(reached, code)]
    given = {"journal": journal_of(reached, registration), "options": {"limit": 2}}
    walked = reached.read("node", node / "sdk.cjs", "walk", given=given)
    assert [each for page in walked["pages"] for each in page] == ids
    assert len(walked["pages"]) == (len(ids) + 1) // 2


# Asset Compute.


@pytest.fixture
def renditions(reached: Reached) -> Registration:
    return asks_for(reached, None, "journal", "asset_compute")


CREATED: dict[str, Any] = {"asset_compute": {"name": "small.png", "width": 48}}
FAILED: dict[str, Any] = {"asset_compute": {"outcome": "failed", "error_reason": "SourceCorrupt"}}


def test_the_client_of_asset_compute_hears_each_rendition_by_its_type(
    reached: Reached, node: Path, renditions: Registration
) -> None:
    """It looks at ``type`` of the content, so an envelope around it would hide every event."""
    given = {
        "journal": journal_of(reached, renditions),
        "story": json.dumps({"seed": 7, "events": [CREATED, FAILED]}),
        "count": 2,
    }
    heard = reached.read("node", node / "asset_compute.cjs", "listen", given=given)
    (first, created), (second, failed) = heard
    assert (first, second) == ("rendition_created", "rendition_failed")
    assert created["rendition"]["name"] == "small.png"
    assert created["metadata"]["tiff:imageWidth"] == 48
    assert failed["errorReason"] == "SourceCorrupt"


def test_the_journal_client_of_asset_compute_finds_an_event(
    reached: Reached, node: Path, renditions: Registration
) -> None:
    """It begins at the oldest event, and follows the links."""
    tell(reached, CREATED, CREATED, FAILED)
    given = {"journal": journal_of(reached, renditions), "type": "rendition_failed"}
    found = reached.read("node", node / "asset_compute.cjs", "find", given=given)
    assert {*found} == {"position", "event"}
    assert found["event"]["errorReason"] == "SourceCorrupt"


# Commerce.


def test_the_events_library_of_commerce_installs_an_app(reached: Reached, node: Path) -> None:
    """It makes a provider, a code and a registration, finds them again, and publishes an event."""
    made = reached.read("node", node / "commerce.cjs", given=SHOP)
    provider, registration = made["provider"], made["registration"]
    assert provider["provider_metadata"] == "dx_commerce_events"
    assert provider["instance_id"] == SHOP["instance"]
    found = [each["id"] for each in made["providers"]["_embedded"]["providers"]]
    assert found == [provider_id("dx_commerce_events"), provider["id"]]
    kinds = made["kinds"]["_embedded"]["eventmetadata"]
    assert [each["event_code"] for each in kinds] == [SHOP["code"]]
    (asked,) = registration["events_of_interest"]
    assert (asked["provider_id"], asked["event_code"]) == (provider["id"], SHOP["code"])
    assert registration in made["registrations"]["_embedded"]["registrations"]
    (event,) = made["read"]
    assert event["type"] == SHOP["code"]
    assert event["source"] == f"urn:uuid:{provider['id']}"
    assert event["data"] == {"value": {"id": 7}}


# flowsim exec.


def test_exec_publishes_renditions_to_the_journal_of_a_script(node: Path, tmp_path: Path) -> None:
    """A scenario is published before the script starts; nothing but the command line is given."""
    command = ("node", node / "renditions.cjs")
    result = subprocess.run(
        [sys.executable, "-m", "flowsim", "exec", "--scenario", "asset_compute", "--", *command],
        env=bare_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "rendition_created rendition.png 78533\n"
