"""``flowsim conform``: captured events beside the documented fields."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsim.families import registry
from flowsim.story.opening import open_story

from ..captures.archives import ADOBE, archive, entry
from ..cases import one_in
from ..fixtures import SCENARIOS

Flowsim = Callable[..., Result]


def body_of(scenario: str) -> Any:
    return json.loads(next(open_story(scenario).payloads()).body)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Write a body to a file and return its path."""

    def write_body(body: Any, name: str = "body.json") -> str:
        path = tmp_path / name
        path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
        return str(path)

    return write_body


KNOWN = [path for path in sorted(SCENARIOS.glob("*.yaml")) if path.stem != "custom-event"]
"""Scenarios whose events have fields that are known: of custom events nothing is."""


@pytest.mark.parametrize("path", one_in(4, KNOWN), ids=lambda path: path.stem)
def test_what_flowsim_delivers_without_faults_conforms(
    path: Path, flowsim: Flowsim, write: Callable[..., str]
) -> None:
    payloads = [each for each in open_story(str(path)).payloads() if not each.events[0].faults]
    for payload in payloads:
        code = payload.events[0].code  # some families say it in the header only
        if registry.shipped().by_code(code) is None:  # a code that the scenario states
            continue
        result = flowsim("conform", write(payload.body.decode()), "--event", code)
        assert (result.exit_code, result.stderr) == (0, ""), result.stdout


def test_unknown_missing_and_retyped_fields_are_named_without_values(
    flowsim: Flowsim, write: Callable[..., str]
) -> None:
    body = body_of("success")
    event = body["event"]
    event["se.cret"] = "6f6a900f-e40d-4f0e-9bb9-b614436c3465"
    event["createdAt"] //= 1000
    event["metrics"]["statusSummary"]["status"] = "hidden"
    del event["activities"][1]["updatedAtUTC"], event["flowId"]
    file = write(body)
    result = flowsim("conform", file)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{file}: flow_run sources_flow_run_success: 41 of 43 required fields of the "
        "content present, 30 of 43 optional; "
        "retyped: event.createdAt (epoch_s, expected epoch_ms); "
        "missing: event.flowId (uuid), event.activities[].updatedAtUTC (integer); "
        "other value: event.metrics.statusSummary.status (another, "
        'expected one of "success", "partialSuccess", "failed"); '
        'unknown: event."se.cret" (uuid)',
        "1 event: 0 conform, 1 differ, 0 not judged",
    ]


def test_an_event_code_can_be_named_for_events_that_say_none(
    flowsim: Flowsim, write: Callable[..., str]
) -> None:
    """Content without an envelope is judged too; what an event says itself wins."""
    body, code = body_of("success"), "sources_flow_run_success"
    del body["event"]["header"]
    for content in (body, body["event"]):
        file = write(content)
        assert "not judged" in flowsim("conform", file).stdout
        judged = flowsim("conform", file, "--event", code).stdout
        assert judged.startswith(f"{file}: flow_run {code}: ")
        assert " missing: " in judged
        assert "0 not judged" in judged
    other = flowsim("conform", write(body_of("failure-copy")), "--event", code)
    assert "flow_run sources_flow_run_failed: all" in other.stdout


def test_a_missing_member_of_the_envelope_contradicts_no_count(
    flowsim: Flowsim, write: Callable[..., str]
) -> None:
    body = {key: each for key, each in body_of("cloudevents").items() if key != "source"}
    said = flowsim("conform", write(body)).stdout
    assert re.search(
        r": all \d+ required fields of the content present, .*; missing: source \(", said
    )


@pytest.mark.parametrize("content", [None, [1], "text", 5])
def test_content_that_is_no_object_has_no_field(
    content: Any, flowsim: Flowsim, write: Callable[..., str]
) -> None:
    body = {**body_of("audit-trail"), "event": content}
    said = flowsim("conform", write(body), "--event", "audit_events_info").stdout
    assert re.search(r": 0 of [1-9]\d* required fields of the content present, ", said)
    assert "retyped: event (" in said


def test_an_event_with_thousands_of_fields_has_a_short_line(
    flowsim: Flowsim, write: Callable[..., str]
) -> None:
    body = body_of("audit-trail")
    body["event"] |= {f"k{number}": 1 for number in range(3_000)} | {"x" * 50_000: 1}
    file = write(body)
    line, _ = flowsim("conform", file).stdout.splitlines()
    assert len(line) < 5_000
    assert line.endswith(" and 2,951 more")
    (found,) = json.loads(flowsim("conform", file, "--json").stdout)
    assert len(found["differences"]) == 3_001


def test_json_lists_events_with_their_differences(
    flowsim: Flowsim, write: Callable[..., str]
) -> None:
    body = body_of("failure-promotion")
    body[0]["messages"][0]["value"]["flowId"] = 5
    file = write(body)
    (shown,) = json.loads(flowsim("conform", file, "--json").stdout)
    assert shown["differences"] == [
        {
            "kind": "retyped",
            "path": "messages[].value.flowId",
            "found": "integer",
            "expected": "uuid",
        }
    ]
    assert (shown["place"], shown["event_code"], shown["family"], shown["not_judged"]) == (
        *(file, "sources_flow_run_failed", "flow_run"),
        None,
    )


def test_archives_folders_and_files_may_be_mixed(
    flowsim: Flowsim, write: Callable[..., str], tmp_path: Path
) -> None:
    text = json.dumps(body_of("success"))
    har = tmp_path / "a.har"
    har.write_bytes(archive(entry(text, headers=ADOBE), entry(text, headers=ADOBE)))
    folder = tmp_path / "saved"
    flowsim("replay", "cloudevents", "--save", str(folder))
    result = flowsim("conform", str(har), str(folder), write(text))
    assert result.exit_code == 0, result.stdout
    assert " 0 differ, 0 not judged" in result.stdout


def test_events_of_a_batch_are_judged_one_by_one(
    flowsim: Flowsim, write: Callable[..., str]
) -> None:
    batch = [body_of("success"), *body_of("failure-copy"), {"event": 5, "event_id": "x"}, 7]
    file = write(batch)
    result = flowsim("conform", file)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines[:4]] == [
        f"{file}, event {number}" for number in (1, 2, 3, 4)
    ]
    assert lines[2].endswith("says an event code; --event CODE names it")
    assert lines[3:] == [
        f"{file}, event 4: not judged: the body holds no event",
        "4 events: 2 conform, 0 differ, 2 not judged",
    ]


def test_an_event_of_no_family_is_said_and_fails(
    flowsim: Flowsim, write: Callable[..., str]
) -> None:
    file = write({"specversion": "1.0", "type": "no.such\u202ecode", "data": {}})
    result = flowsim("conform", file)
    reason = "no family has the event code no.such\\u202ecode"
    reason += "; expected one that has it (--families DIR)"
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, f"{file}: not judged: {reason}")


HALF_DESCRIBED = """
label: Pings
summary: A ping, and its end.
provider: {id: pings, label: Pings}
formats: {adobe_io: A}
codes: {own.ping: {label: Ping}}
says: {lasts: {duration: 1m}}
story:
- {at: begin, code: own.ping, body: begun}
- {at: begin + lasts, code: own.ping, body: ended}
bodies: {begun: {id: 1}, ended: {end: 2}}
"""


@pytest.mark.parametrize(
    ("fields", "summary", "reason"),
    [
        ("", "0 conform, 0 differ, 2 not judged", "the family ping has no fields for own.ping"),
        (
            "fields: {id: {type: integer, means: It, in: [begun]}}\n",
            "1 conform, 0 differ, 1 not judged",
            "the family ping has no fields for some bodies of own.ping",
        ),
        (
            "fields: {id: {type: integer, means: It, in: [begun]}, "
            "end: {type: text, means: It, in: [ended]}}\n",
            "1 conform, 1 differ, 0 not judged",
            "retyped: event.end (integer, expected text)",
        ),
    ],
)
def test_a_body_without_described_fields_is_not_judged(
    fields: str, summary: str, reason: str, flowsim: Flowsim, tmp_path: Path
) -> None:
    """It counts as conforming only if it has the fields of another body."""
    own, saved = tmp_path / "families", tmp_path / "saved"
    own.mkdir()
    (own / "ping.yaml").write_text(HALF_DESCRIBED + fields)
    flowsim("replay", "own.ping", "--families", own, "--save", saved)
    result = flowsim("conform", saved, "--families", own)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.endswith(f"2 events: {summary}\n")
    assert reason in result.stdout
    printed = flowsim("schema", "--event", "own.ping", "--families", own)
    assert (printed.exit_code == 0) is bool(fields)


@pytest.mark.parametrize(
    "body", ["no json", "[1", '{"a": NaN}', "[]", "5", "", '"' + "\\ud800" + '"']
)
def test_a_body_without_events_is_not_judged(
    body: str, flowsim: Flowsim, write: Callable[..., str]
) -> None:
    result = flowsim("conform", write(body))
    assert (result.exit_code, result.stderr) == (1, "")
    assert "not judged: the body " in result.stdout


def test_a_file_that_cannot_be_read_is_one_sentence(
    flowsim: Flowsim, write: Callable[..., str]
) -> None:
    file = write(body_of("success"))
    result = flowsim("conform", "missing.http", "missing.json", file)
    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "missing.http",
        "missing.json",
    ]
    assert result.stdout.endswith("1 event: 1 conform, 0 differ, 0 not judged\n")


def test_a_body_as_an_editor_saves_it_is_read(flowsim: Flowsim, tmp_path: Path) -> None:
    """Editors put a mark before text in UTF-8; text in UTF-16 is named, with the remedy."""
    body, file = json.dumps(body_of("audit-trail")), tmp_path / "body.json"
    file.write_text(body, encoding="utf-8-sig")
    assert flowsim("conform", str(file)).exit_code == 0
    assert flowsim("family", "new", "--from", str(file), "--out", "-").exit_code == 0
    file.write_text(body, encoding="utf-16")
    for words in (("conform", str(file)), ("family", "new", "--from", str(file))):
        result = flowsim(*words)
        assert result.exit_code == 2
        assert "text in UTF-16; expected text in UTF-8 (save it as UTF-8" in result.stderr


def test_an_envelope_whose_content_has_another_name_is_judged_as_one(
    flowsim: Flowsim, write: Callable[..., str]
) -> None:
    body = body_of("success")
    body["data"] = body.pop("event")
    file = write(body)
    result = flowsim("conform", file, "--event", "sources_flow_run_success")
    assert result.exit_code == 1
    judged = result.stdout.splitlines()[0]
    assert judged.endswith("optional; missing: event; unknown: data (object)")
    assert "flow_run sources_flow_run_success: 0 of " in judged
    result = flowsim("conform", file)
    assert "not judged: the body is an envelope without the member event" in result.stdout


@pytest.mark.parametrize(
    ("body", "place"),
    [(b'{"a": 1,\n "b" 2}', "line 2, column 6"), (b'{"a": "\xff"}', "byte 8"), (b"NaN", "")],
)
def test_a_body_that_is_not_json_is_named_with_the_place(
    flowsim: Flowsim, tmp_path: Path, body: bytes, place: str
) -> None:
    (tmp_path / "body.json").write_bytes(body)
    judged = flowsim("conform", tmp_path / "body.json").stdout.splitlines()[0]
    assert judged.endswith(f": not judged: the body is not JSON in UTF-8{place and f': {place}'}")
