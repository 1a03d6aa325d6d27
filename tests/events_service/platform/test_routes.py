"""A link of a notification leads to a response that agrees with the notification."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsim.core.payload import provider_id
from flowsim.events_service.providers.model import PLATFORM
from flowsim.events_service.registrations.model import EventOfInterest
from flowsim.events_service.service import Service
from flowsim.story.opening import open_story

from ..running import register

Json = dict[str, Any]
FLOWS = "/data/foundation/flowservice"
CODES = ("sources_flow_run_success", "sources_flow_run_failed")


def published(service: Service, name: str, *, passes: int = 1) -> list[Json]:
    """Publish a shipped scenario to a journal; return the run entities that were sent."""
    provider = service.providers.find(provider_id(PLATFORM))
    assert provider
    interests = tuple(EventOfInterest(provider.id, code) for code in CODES)
    register(service, None, "journal", events_of_interest=interests)
    runs = []
    for event in open_story(name, passes=passes).events():
        service.publishing.publish(provider, event.notification)
        content = event.notification.content
        runs.append(content if event.notification.member == "event" else content[0]["value"])
    return runs


def path_of(url: str) -> str:
    """Return a link without its host, for the client in process."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def promotion(run: Json) -> Json:
    return next(each for each in run["activities"] if each["id"] == "promotionActivity")


def test_a_run_equals_its_notification_without_the_added_members(
    service: Service, api: FlaskClient
) -> None:
    [run] = published(service, "partial")
    [found] = api.get(f"{FLOWS}/runs/{run['id']}").json["items"]
    left_out = {"slaCreatedAt", "processStartTime", "transformedTime", "header"}
    assert found == {name: each for name, each in run.items() if name not in left_out}


def test_a_flow_has_the_sandbox_of_its_runs(service: Service, api: FlaskClient) -> None:
    [run] = published(service, "partial")
    [flow] = api.get(f"{FLOWS}/flows/{run['flowId']}").json["items"]
    assert (flow["id"], flow["sandboxName"]) == (run["flowId"], run["sandboxName"])
    assert flow["sourceConnectionIds"] == [run["activities"][0]["sourceInfo"][0]["id"]]
    assert flow["targetConnectionIds"] == [promotion(run)["targetInfo"][0]["id"]]
    assert flow["lastRunDetails"] == {"id": run["id"], "state": "success"}


def test_the_rejected_rows_are_as_many_as_the_notification_counts(
    service: Service, api: FlaskClient
) -> None:
    [run] = published(service, "partial")
    manifest = promotion(run)["statusSummary"]["extensions"]["manifest"]
    listing = api.get(path_of(manifest["failedRecords"])).json
    assert [each["name"] for each in listing["data"]] == ["conversion_errors_0.json"]
    assert listing["_page"] == {"count": 1, "limit": 100}
    link = listing["data"][0]["_links"]["self"]["href"]
    body = api.get(path_of(link)).data
    rows = [json.loads(line) for line in body.splitlines()]
    assert len(rows) == run["metrics"]["recordSummary"]["failedRecordCount"] == 30
    assert listing["data"][0]["length"] == str(len(body))
    assert {row["_errors"][0]["code"] for row in rows} == {"3700"}
    samples = api.get(path_of(manifest["sampleErrors"])).data
    assert samples.splitlines() == body.splitlines()[:100]


def test_a_corrupted_row_has_the_published_error_text(service: Service, api: FlaskClient) -> None:
    *_, last = published(service, "day-in-production")
    manifest = promotion(last)["statusSummary"]["extensions"]["manifest"]
    [file] = api.get(path_of(manifest["failedRecords"])).json["data"]
    row, *_ = api.get(path_of(file["_links"]["self"]["href"])).data.splitlines()
    text = "Row is corrupted and cannot be read, please fix and resend."
    assert json.loads(row)["_errors"] == [{"code": "1401", "message": text}]


def test_file_info_lists_as_many_files_as_were_read(service: Service, api: FlaskClient) -> None:
    [run] = published(service, "success")
    info = promotion(run)["fileSummary"]["extensions"]["manifest"]["fileInfo"]
    [file] = api.get(path_of(info)).json["data"]
    lines = api.get(path_of(file["_links"]["self"]["href"])).data.splitlines()
    assert len(lines) == run["metrics"]["fileSummary"]["inputFileCount"]


def test_a_failed_promotion_read_no_files_and_can_be_downloaded(
    service: Service, api: FlaskClient
) -> None:
    [run] = published(service, "failure-promotion")
    info = promotion(run)["fileSummary"]["extensions"]["manifest"]["fileInfo"]
    [file] = api.get(path_of(info)).json["data"]
    assert api.get(path_of(file["_links"]["self"]["href"])).data == b""
    batch = promotion(run)["targetInfo"][0]["reference"]["ids"][0]
    assert api.get(f"/data/foundation/export/batches/{batch}/failed").json["data"] == []


def test_a_batch_that_did_not_fail_has_no_failed_download(
    service: Service, api: FlaskClient
) -> None:
    [run] = published(service, "partial")
    batch = promotion(run)["targetInfo"][0]["reference"]["ids"][0]
    assert api.get(f"/data/foundation/export/batches/{batch}/failed").status_code == 404


@pytest.fixture
def day(service: Service) -> list[Json]:
    """The runs of a day, each as in its latest notification."""
    return [*{run["id"]: run for run in published(service, "day-in-production")}.values()]


def runs(api: FlaskClient, query: str) -> list[str]:
    """Return the ids of all runs that a query finds, page after page."""
    found, address = [], f"{FLOWS}/runs?limit=100&{query}"
    while True:
        page = api.get(address).json
        found += [each["id"] for each in page["items"]]
        if "next" not in page["_links"]:
            return found
        address = page["_links"]["next"]["href"]


@pytest.mark.parametrize("state", ["failed", "success", "Failed"])
def test_runs_can_be_filtered_by_status(api: FlaskClient, day: list[Json], state: str) -> None:
    wanted = {
        run["id"] for run in day if run["metrics"]["statusSummary"]["status"] == state.lower()
    }
    found = runs(api, f"property=metrics.statusSummary.status=={state}")
    assert len(found) == len(set(found))
    assert {*found} == wanted
    assert wanted


def test_all_properties_must_match_and_the_order_is_kept(api: FlaskClient, day: list[Json]) -> None:
    flow, middle = day[0]["flowId"], sorted(run["createdAt"] for run in day)[len(day) // 2]
    found = runs(api, f"property=flowId=={flow}&property=createdAt>={middle}&orderby=createdAt")
    wanted = [run for run in day if run["flowId"] == flow and run["createdAt"] >= middle]
    assert found == [run["id"] for run in sorted(wanted, key=lambda run: int(run["createdAt"]))]


def test_one_of_several_values_is_enough(api: FlaskClient, day: list[Json]) -> None:
    """2.1: a comma lists alternatives, of flows as of runs."""
    first, *_, last = day
    found = runs(api, f"property=id=={last['id']},{first['id']},nothing&orderby=createdAt")
    assert found == [first["id"], last["id"]]
    other = next(run for run in day if run["flowId"] != first["flowId"])
    flows = {run["flowId"] for run in (first, other)}
    found = runs(api, f"property=flowId=={','.join(flows)}")
    assert {*found} == {run["id"] for run in day if run["flowId"] in flows}
    found = runs(api, f"property=flowId!={','.join(flows)}")
    assert {*found} == {run["id"] for run in day if run["flowId"] not in flows}


def test_brackets_lead_into_arrays(api: FlaskClient, day: list[Json]) -> None:
    """2.1: any element is enough; without brackets nothing is found in an array."""
    wanted = {run["id"] for run in day if run["activities"][-1]["id"] == "promotionActivity"}
    assert {*runs(api, "property=activities[].id==promotionActivity")} == wanted
    assert 0 < len(wanted) < len(day)
    assert runs(api, "property=activities.id==promotionActivity") == []
    assert runs(api, "property=metrics[].statusSummary.status==failed") == []
    batch = promotion(day[0])["targetInfo"][0]["reference"]["ids"][0]
    place = "activities[].targetInfo[].reference.ids[]"
    assert runs(api, f"property={place}==x,{batch}") == [day[0]["id"]]
    assert len(runs(api, f"property={place}!={batch}")) == len(day) - 1
    key = "activities[].statusSummary.extensions.adf/run/id"
    copy = day[0]["activities"][0]["statusSummary"]["extensions"]["adf/run/id"]
    assert runs(api, f"property={key}=={copy}") == [day[0]["id"]]


def test_the_state_of_a_run_is_its_status(api: FlaskClient, day: list[Json]) -> None:
    """2.1: it is listed as a filter, and no published run has it."""
    assert day
    status = "property=metrics.statusSummary.status==failed"
    assert runs(api, "property=state==failed") == runs(api, status) != []


@pytest.mark.parametrize("order", ["+createdAt", "%2BcreatedAt", "createdAt"])
def test_a_plus_sign_is_the_usual_order(api: FlaskClient, day: list[Json], order: str) -> None:
    found = runs(api, f"orderby={order}")
    assert found == [run["id"] for run in sorted(day, key=lambda run: int(run["createdAt"]))]


def test_the_next_page_has_the_same_query(api: FlaskClient, day: list[Json]) -> None:
    assert day
    page = api.get(f"{FLOWS}/runs?limit=1&property=state==failed&orderby=-createdAt").json
    following = api.get(page["_links"]["next"]["href"]).json
    ids = [each["items"][0]["id"] for each in (page, following)]
    assert ids == runs(api, "property=state==failed&orderby=-createdAt")[:2]


@given(st.text("abc.[]=!<>,/-' \"", max_size=60))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_filter_is_answered(api: FlaskClient, text: str) -> None:
    answer = api.get(f"{FLOWS}/runs", query_string={"property": f"activities{text}"})
    assert answer.status_code in (200, 400)


def test_a_path_of_thousands_of_steps_is_answered(api: FlaskClient, day: list[Json]) -> None:
    assert day
    assert runs(api, f"property={'a.' * 3000}a==1") == []


def test_runs_can_be_counted(api: FlaskClient, day: list[Json]) -> None:
    assert api.get(f"{FLOWS}/runs?count=true").json == {"count": len(day)}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("count=true&limit=5", "1401-400"),
        ("orderby=colour", "1433-400"),
        ("property=status", "1450-400"),
        ("property=activities[]id==1", "1450-400"),
        ("property=createdAt>1,2", "1443-400"),
        ("colour=red", "1451-400"),
        ("limit=0", "1453-400"),
        ("limit=x", "1453-400"),
        ("continuationToken=-1", "1453-400"),
    ],
)
def test_a_query_that_flow_service_refuses_is_refused_with_its_code(
    api: FlaskClient, query: str, reason: str
) -> None:
    answer = api.get(f"{FLOWS}/runs?{query}")
    assert (answer.status_code, answer.json["reason"]) == (400, reason)


@pytest.mark.parametrize(
    "path",
    [
        f"{FLOWS}/runs/unknown",
        f"{FLOWS}/flows/unknown",
        "/data/foundation/export/batches/unknown/meta?path=input_files",
        "/data/foundation/export/batches/unknown/failed",
    ],
)
def test_a_run_without_a_notification_is_404(api: FlaskClient, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert "no notification" in answer.json["message"]


@given(
    content=st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "flowId",
                        "activities",
                        "targetInfo",
                        "reference",
                        "ids",
                        "metrics",
                        "statusSummary",
                        "extensions",
                        "errors",
                    ]
                ),
                inner,
            )
        ),
        max_leaves=20,
    )
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_run_of_any_shape_is_published_and_found_again(
    service: Service, api: FlaskClient, content: Any
) -> None:
    """A scenario's override may turn a run into anything; nothing fails on it."""
    from flowsim.core.event import Notification

    provider = service.providers.find(provider_id(PLATFORM))
    assert provider
    if not service.registrations.all():
        register(service, None, "journal")
    run = {**(content if isinstance(content, dict) else {"x": content}), "id": "r", "flowId": "f"}
    service.publishing.publish(provider, Notification(CODES[0], "event", run))
    assert api.get(f"{FLOWS}/runs/r").json == {"items": [run]}
    for path in ("runs", "flows/f"):
        assert api.get(f"{FLOWS}/{path}").status_code == 200
