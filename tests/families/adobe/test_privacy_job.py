"""Stories of privacy jobs: an event of each application, and one of the job."""

from __future__ import annotations

import pytest

from flowsim.core.envelope import Envelope
from flowsim.errors import ScenarioError
from flowsim.families.entries import Occurrence

from ...cases import for_each
from ..aep.reading import BEGIN, contents, family, tell

APPLICATIONS = ["analytics", "campaign", "target"]


def _words(told: list[Occurrence]) -> list[str]:
    return [each.notification.event_code.rsplit(".", 1)[1] for each in told]


def _messages(told: list[Occurrence]) -> list[str]:
    return [each["value"]["message"] for each in contents(told)]


def test_applications_report_one_after_the_other_and_then_the_job() -> None:
    told = tell("privacy_job", {"applications": APPLICATIONS, "every": "1m", "ends_after": "5s"})
    assert _words(told) == [*["productcomplete"] * 3, "jobcomplete"]
    assert _messages(told)[:3] == [f"{each}.access.complete" for each in APPLICATIONS]
    assert [(each.time - BEGIN).total_seconds() for each in told] == [0, 60, 120, 125]
    assert len({each["value"]["jobId"] for each in contents(told)}) == 1


@for_each("failed", [["campaign"], ["analytics", "target"], APPLICATIONS])
def test_a_failed_application_fails_the_job(failed: list[str]) -> None:
    said = {"applications": APPLICATIONS, "failed": failed, "request": "delete"}
    told = tell("privacy_job", said)
    ends = ["error" if each in failed else "complete" for each in APPLICATIONS]
    assert _words(told) == [*(f"product{each}" for each in ends), "joberror"]
    assert _messages(told)[:3] == [
        f"{each}.delete.{end}" for each, end in zip(APPLICATIONS, ends, strict=True)
    ]
    results = [family("privacy_job").result(each) for each in contents(told)]
    assert results == [
        *("failed" if each == "error" else "success" for each in ends),
        "failed",
    ]


@for_each(
    ("said", "found"),
    [
        ({"applications": []}, "no application"),
        ({"failed": ["target"]}, "a failed application that takes no part"),
    ],
)
def test_what_cannot_be_a_job_is_refused(said: dict[str, list[str]], found: str) -> None:
    with pytest.raises(ScenarioError, match=found):
        tell("privacy_job", said)


def test_a_job_that_goes_on_has_no_event_of_its_own() -> None:
    assert _words(tell("privacy_job", {"end": "silent"})) == ["productcomplete"]


def test_the_envelope_is_of_cloud_events_0_2_with_a_date_of_java() -> None:
    envelope = tell("privacy_job", {})[0].notification.envelope
    assert isinstance(envelope, Envelope)
    assert envelope.cloud_events is not None
    assert envelope.cloud_events["specversion"] == "0.2"
    assert envelope.cloud_events["time"] == "Thu Jan 15 09:30:00 GMT 2026"
