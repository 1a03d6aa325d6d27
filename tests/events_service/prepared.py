"""A service in which something of every kind is there, for requests to find."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from flowsim.events_service import application as events_service
from flowsim.events_service.opening import open_database, open_service
from flowsim.events_service.platform.table import EntitiesOfFamily
from flowsim.events_service.service import Service, ServiceOptions
from flowsim.families.flow_run.entities import batch_of
from flowsim.installation import keys
from flowsim.installation.settings import keys_folder
from flowsim.runtime.clock import ManualClock

from .running import register

CODE = "com.example.order.created"


class ObedientClock(ManualClock):
    """A manual clock that arrives at once at any time that it is set to."""

    def advance(self, seconds: float) -> datetime:
        self._end = self._now = self._now + timedelta(seconds=seconds)
        return self._end


@dataclass(frozen=True)
class Prepared:
    """A service, its application, and by the names of parameters the ids that are there."""

    service: Service
    app: Flask
    known: dict[str, str]


@contextmanager
def prepared() -> Iterator[Prepared]:
    """Yield a service in memory with a provider, a registration, a filter, events and runs."""
    with open_database(None) as database:
        clock = ObedientClock(datetime(2026, 1, 15, 9, 30, tzinfo=UTC))
        service = open_service(database, clock, ServiceOptions(), keys_folder())
        app = events_service.create(service)
        yield Prepared(service, app, _fill(service, app.test_client()))


def _fill(service: Service, api: FlaskClient) -> dict[str, str]:
    def post(path: str, body: Any, kind: str = "application/json") -> Any:
        answer = api.post(path, json=body, headers={"content-type": kind})
        assert answer.status_code < 300, answer.text
        return answer.json if answer.is_json else {}

    own = service.installation
    place = f"/events/{own.org}/{own.project}/{own.workspace}"
    provider = post(f"{place}/providers", {"label": "Orders", "instance_id": "orders"})["id"]
    metadata = {
        "event_code": CODE,
        "label": "l",
        "description": "d",
        # the JSON text {}
        "sample_event_template": "e30=",
    }
    post(f"{place}/providers/{provider}/eventmetadata", metadata)
    registration = post(
        f"{place}/registrations",
        {
            "client_id": "mine",
            "name": "orders",
            "delivery_type": "journal",
            "events_of_interest": [{"provider_id": provider, "event_code": CODE}],
            "subscriber_filters": [{"name": "all", "subscriber_filter": f'{{"type": ["{CODE}"]}}'}],
        },
    )
    id_ = registration["registration_id"]
    hook = register(service, "http://127.0.0.1:9/hook", name="hook")
    event = {"specversion": "1.0", "id": "1", "source": f"urn:uuid:{provider}", "type": CODE}
    post("/", event | {"data": {}}, "application/cloudevents+json")
    scenario = {"scenario": "failure-promotion", "registration": hook.registration_id}
    triggered = post("/_flowsim/trigger", scenario)["events"][0]["event_id"]
    run = next(EntitiesOfFamily(service.database, "flow_run").newest_first())
    journal = f"/events/organizations/{own.org}/integrations/{own.credential_id}/{id_}"
    (entry,) = api.get(journal).json["events"]
    return {
        "org": own.org,
        "project": own.project,
        "workspace": own.workspace,
        "credential_id": own.credential_id,
        "provider_id": provider,
        "code": CODE,
        "registration_id": id_,
        "filter_id": registration["subscriber_filters"][0]["id"],
        "since": entry["position"],
        "event_id": triggered,
        "run_id": run["id"],
        "flow_id": run["flowId"],
        "batch_id": str(batch_of(run)),
        "namespace": "mine",
        "key": f"{keys.load(keys_folder())[1].name}.pem",
        "name": f"{keys.load(keys_folder())[0].name}.pem",
    }
