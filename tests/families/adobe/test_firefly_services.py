"""Jobs of Photoshop, Lightroom and Express: codes, outcomes, and whose jobs they are."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from flowsim.errors import ScenarioError
from flowsim.events_service.filters.model import parse

from ...cases import for_each
from ..aep.reading import BEGIN, family, tell

V2 = "com.adobe.photoshop-api.v2"
EXPRESS = "com.adobe.express-api.v1"


def _only(name: str, **said: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return event code, content, and CloudEvent template of the one event of an entry."""
    (told,) = tell(name, said)
    envelope = told.notification.envelope
    around = envelope.cloud_events if envelope else None
    return told.notification.event_code, told.notification.content, dict(around or {})


def test_lightroom_differs_in_code_ids_and_body_as_printed() -> None:
    job = "eb4a9211-eb8a-4e88-b853-b9c08ba47427"
    code, content, _ = _only("imaging_job", product="lightroom", job=job)
    assert code == content["header"]["eventCode"] == "lightroom-job-status"
    assert content["header"]["msgId"] == job
    assert content["body"] == {
        "jobId": job,
        "outputs": [
            {
                "input": "<signed GET URL>",
                "status": "succeeded",
                "_links": {"self": [{"href": "<signed POST URL>", "storage": "<storage>"}]},
            }
        ],
        "_links": {"self": {"href": f"https://image.adobe.io/lrService/status/{job}"}},
    }


def test_the_message_and_the_job_of_photoshop_differ() -> None:
    _, content, _ = _only("imaging_job")
    assert content["header"]["msgId"] != content["body"]["jobId"]
    stamp = content["header"]["_pipelineMeta"]["pipelineMessageId"].split(":")[0]
    assert int(stamp) == BEGIN.timestamp() * 1000


@for_each(("failed", "result"), [(0, "success"), (1, "partial"), (2, "partial"), (3, "failed")])
@for_each("product", ["photoshop", "lightroom"])
def test_the_last_outputs_of_an_imaging_job_fail(product: str, failed: int, result: str) -> None:
    _, content, _ = _only("imaging_job", product=product, outputs=3, failed=failed)
    statuses = [each["status"] for each in content["body"]["outputs"]]
    assert statuses == ["succeeded"] * (3 - failed) + ["failed"] * failed
    assert family("imaging_job").result(content) == result


@for_each(
    ("operation", "outcome"),
    [
        *product(
            ("create-artboard", "create-composite", "generate-manifest", "edit", "execute-actions"),
            ("success", "failed"),
        )
    ],
)
def test_photoshop_2_says_the_outcome_in_code_and_status(operation: str, outcome: str) -> None:
    code, content, around = _only("photoshop_job", operation=operation, outcome=outcome)
    assert code == f"{V2}.{operation}.{outcome}"
    assert content["status"] == ("failed" if outcome == "failed" else "succeeded")
    assert ("errorDetails" in content) == (outcome == "failed")
    assert ("result" in content) == (outcome == "success" and operation != "generate-manifest")
    assert around["time"] == content["modifiedTime"]
    assert around["requestorclientid"] == "cis_services"


def test_photoshop_2_prints_a_manifest_that_was_made() -> None:
    _, content, _ = _only("photoshop_job", operation="generate-manifest", job="ad746e92")
    assert content == {
        "jobId": "ad746e92",
        "status": "succeeded",
        "createdTime": "2026-01-15T09:30:00Z",
        "modifiedTime": "2026-01-15T09:35:00Z",
    }


def test_photoshop_2_may_list_outputs_of_a_manifest() -> None:
    """The field table says that they are optional, and the print has none."""
    _, content, _ = _only("photoshop_job", operation="generate-manifest", outputs=2)
    assert content["result"] == {"outputs": [{}, {}]}
    assert _only("photoshop_job")[1]["result"] == {"outputs": [{}]}


def test_express_prints_a_variation_that_was_made() -> None:
    code, content, around = _only("express_job", endpoint="beta/create-variation", job="57b96a1e")
    assert (code, around["apiendpoint"]) == (f"{EXPRESS}.succeeded", "beta/create-variation")
    assert content == {
        "jobId": "57b96a1e",
        "status": "succeeded",
        "outputs": [
            {
                "destination": {"url": "https://example.com/output-manifest.json"},
                "mediaType": "application/json",
            }
        ],
    }


@for_each("outcome", ["succeeded", "partially_succeeded", "failed", "cancelled"])
@for_each("endpoint", ["bulk-create-variation", "beta/create-variation", "beta/export-rendition"])
def test_only_bulk_jobs_of_express_count_records(outcome: str, endpoint: str) -> None:
    code, content, _ = _only("express_job", outcome=outcome, endpoint=endpoint)
    is_bulk = endpoint == "bulk-create-variation"
    assert code == f"{EXPRESS}.{outcome}"
    assert content["status"] == outcome
    assert ("summary" in content) == (is_bulk and outcome != "failed")
    assert ("progress" in content) == (is_bulk and outcome == "cancelled")
    assert ("outputs" in content) == (outcome in ("succeeded", "partially_succeeded"))


def test_a_job_of_another_project_has_its_client() -> None:
    _, _, own = _only("express_job")
    _, _, other = _only("express_job", project="other")
    _, _, same = _only("express_job", project="other", outcome="failed")
    assert own["requestorclientid"] == "0123456789abcdef0123456789abcdef"
    assert other["requestorclientid"] == same["requestorclientid"] != own["requestorclientid"]
    assert len(other["requestorclientid"]) == 32


def test_a_filter_by_the_client_that_asked_keeps_the_jobs_of_one_project() -> None:
    """The filter of one of Adobe's two pages; the service of flowsim has it too."""
    client = "0123456789ABCDEF0123456789ABCDEF"
    kept = parse(json.dumps({"requestorclientid": [{"equals-ignore-case": client}]}))
    assert kept.matches(_only("express_job")[2])
    assert not kept.matches(_only("express_job", project="other")[2])


def test_adobeinternal_can_be_left_out() -> None:
    assert "adobeinternal" not in _only("express_job", adobe_internal="absent")[2]


def test_the_records_of_a_job_add_up() -> None:
    _, content, _ = _only("express_job", outcome="partially_succeeded", records=100, failed=7)
    assert content["summary"] == {
        "failedRecords": 7,
        "successfulRecords": 93,
        "totalRecords": 100,
    }


@for_each(
    ("name", "said"),
    [
        ("imaging_job", {"failed": 2}),
        ("imaging_job", {"layers": 101}),
        ("imaging_job", {"outputs": 0}),
        ("photoshop_job", {"outputs": 101}),
        ("express_job", {"failed": 1}),
        ("express_job", {"outcome": "cancelled", "failed": 1}),
        ("express_job", {"outcome": "cancelled", "processed": 1001}),
        ("express_job", {"outcome": "partially_succeeded", "failed": 0}),
        ("express_job", {"outcome": "partially_succeeded", "records": 10, "failed": 10}),
        ("express_job", {"outcome": "partially_succeeded", "records": 1}),
    ],
)
def test_a_job_that_contradicts_itself_is_refused(name: str, said: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        tell(name, said)
