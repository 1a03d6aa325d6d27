"""Secrets are masked in pages and in their JSON twins; the traces API shows what Adobe shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowsim.errors import UnreachableError
from flowsim.events_service.local_service import LocalService

from ...cases import for_each
from ...webhook import Webhook, echo, status
from ..reading import PageReader
from ..service_with_pages import ServiceWithPages

SECRET = {
    "set-cookie": "session-of-the-webhook",
    "authorization": "Bearer token-of-the-webhook",
    "x-api-key": "key-of-the-webhook",
}


@pytest.fixture(scope="module")
def local() -> Iterator[LocalService]:
    """A service whose webhook answers with secrets in its headers."""
    answer = status(200, **{name.replace("-", "_"): value for name, value in SECRET.items()})
    with Webhook([echo, answer]) as webhook, ServiceWithPages() as running:
        running.register(webhook.url)
        running.trigger("partial")
        yield running.local


@for_each("name", [*SECRET])
def test_the_twin_of_a_delivery_masks_what_its_page_masks(local: LocalService, name: str) -> None:
    with PageReader(local) as reader:
        attempt = reader.twin("/deliveries/1?tab=headers")["delivery"]["attempts"][0]
        text = reader.get("/deliveries/1?tab=attempts", headers={"accept": "application/json"}).text
    headers = attempt["trace"]["trace"]["tracingResponse"]["responseHeaders"]
    (found,) = headers[name]
    assert found != SECRET[name]
    assert found.endswith(SECRET[name][-4:])
    assert SECRET[name] not in text


def test_the_history_of_a_registration_masks_its_challenge() -> None:
    """The validation URL itself is shown in full, as it has to be opened."""
    with Webhook([status(401), status(200)]) as webhook, ServiceWithPages() as running:
        with pytest.raises(UnreachableError):
            running.register(webhook.url)
        (made,) = running.local.service.registrations.all()
        with PageReader(running.local) as reader:
            twin = reader.twin(f"/registrations/{made.registration_id}")
            secret = twin["challenge"]["validation_url"].partition("challenge=")[2]
            notes = [each["text"] for each in twin["changes"] if each["kind"] == "challenge"]
            assert any(each.endswith(secret[-4:]) for each in notes)
            assert not any(secret in each for each in notes)
            history = reader.page(f"/registrations/{made.registration_id}").text
    assert history.count(secret) == 1
