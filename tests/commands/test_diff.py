"""``flowsim diff``: payloads, runs, scenarios and captured requests in two columns."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsim.scenario.files import shipped

from ..captures.archives import archive, entry
from ..webhook import Webhook, status

Flowsim = Callable[..., Result]
Write = Callable[..., str]

STORY = "at: 2026-01-15T09:30:00Z\nseed: 7\nevents:\n  - {payload: {a: 1}, repeat: 2}\n"


def rows(flowsim: Flowsim, *arguments: object) -> list[tuple[str, Any, Any]]:
    """Return what ``--json`` prints, with its exit code checked; ``...`` stands for nothing."""
    result = flowsim("diff", *arguments, "--json")
    printed = json.loads(result.stdout)
    assert result.exit_code == (1 if printed else 0)
    assert all({*each} <= {"path", "left", "right"} for each in printed)
    return [(each["path"], each.get("left", ...), each.get("right", ...)) for each in printed]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file and return its path."""

    def write_file(name: str, content: str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
        return path

    return write_file


Files = Callable[[str, str], Path]

# Payloads


def test_two_payloads_are_shown_in_two_columns(flowsim: Flowsim, write: Files) -> None:
    left = write("left.json", '{"event": {"failed": 30, "rows": 1.0}, "gone": null}')
    right = write("right.json", '{"event": {"rows": 1, "failed": 31}}')
    result = flowsim("diff", left, right)
    assert (result.exit_code, result.stderr) == (1, "")
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[lines.index("event.failed") :] == [
        "event.failed",
        "30".ljust(39) + " │ 31",
        "gone",
        "null".ljust(39) + " │ (nothing)",
        "2 differences",
    ]
    assert rows(flowsim, left, right) == [("event.failed", 30, 31), ("gone", None, ...)]


def test_equal_payloads_exit_with_0(flowsim: Flowsim, write: Files) -> None:
    left = write("left.json", '{"a": 1, "b": 2.50}')
    right = write("right.json", '{"b": 2.5, "a": 1}')
    result = flowsim("diff", left, right)
    assert (result.exit_code, result.stdout) == (0, "the same\n")
    assert result.stderr == "note: only the order of members and the spelling of numbers differ\n"
    assert flowsim("diff", left, left).output == "the same\n"
    assert flowsim("diff", left, right, "--json").stdout == "[]\n"


def test_json_keeps_the_spelling_of_numbers(flowsim: Flowsim, write: Files) -> None:
    left, right = write("a", "[1.50, 12345678901234567890]"), write("b", "[1e3]")
    printed = '[{"path":"[0]","left":1.50,"right":1e3},'
    printed += '{"path":"[1]","left":12345678901234567890}]\n'
    assert flowsim("diff", left, right, "--json").stdout == printed


def test_text_is_compared_line_by_line(flowsim: Flowsim, write: Files) -> None:
    left, right = write("left.txt", "one\ntwo\r\n\udcff"), write("right.txt", "one\ntwo\n\udcff")
    result = flowsim("diff", left, right)
    assert (result.exit_code, result.stderr) == (
        1,
        "note: not both are JSON: compared line by line\n",
    )
    assert re.search(r'line 2\n"two\\r" +│ "two"\n1 difference\n$', result.stdout)
    assert rows(flowsim, left, right) == [("line 2", "two\r", "two")]


def test_standard_input_may_be_left_or_right(flowsim: Flowsim, write: Files) -> None:
    path = write("a.json", '{"a": 1}')
    for arguments in (("-", path), (path, "-")):
        result = flowsim("diff", *arguments, "--json", input='{"a": 2}')
        assert '"path":"a"' in result.stdout


def test_ignored_places_are_left_out(flowsim: Flowsim, write: Files) -> None:
    left = write("a", '{"id": 1, "events": [{"id": 1, "at": 1, "x": 1}]}')
    right = write("b", '{"id": 2, "events": [{"id": 2, "at": 2, "x": 2}]}')
    ignoring = ("--ignore", "**.id", "--ignore", "events[*].at", "--ignore", "y")
    assert rows(flowsim, left, right, *ignoring) == [("events[0].x", 1, 2)]
    result = flowsim("diff", left, right, *ignoring).stderr.splitlines()
    assert result == ["note: ignored: 3", "note: nothing to ignore at y"]
    assert flowsim("diff", left, right, "--ignore", "**").exit_code == 0


# Scenarios and requests


def test_scenarios_are_compared_by_their_notifications(flowsim: Flowsim) -> None:
    found = rows(flowsim, "partial", "success", "--ignore", "event.activities")
    assert ("event.metrics.recordSummary.inputRecordCount", 1000, 25000) in found
    assert rows(flowsim, "partial", "partial") == []


def test_an_expected_payload_is_compared_with_a_received_one(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    options = ("--set", "flow_run.records.input=2000", "--target", webhook.port)
    flowsim("replay", "partial", *options, "--save", tmp_path / "kept")
    (request,) = (tmp_path / "kept").glob("*.http")
    (tmp_path / "body.json").write_bytes(webhook.requests[0].body)
    found = rows(flowsim, "partial", tmp_path / "body.json")
    assert ("event.metrics.recordSummary.inputRecordCount", 1000, 2000) in found
    assert rows(flowsim, "partial", request) == found
    assert rows(flowsim, "partial", tmp_path / "kept") == found


def test_the_content_of_a_file_decides_its_type(
    flowsim: Flowsim, scenario: Write, tmp_path: Path
) -> None:
    path = scenario(STORY, "own.yaml")
    bodies = [json.loads(line) for line in flowsim("show", path, "--as", "body").stdout.split()]
    (tmp_path / "a.har").write_bytes(archive(*(entry(json.dumps(each)) for each in bodies)))
    lines = [{"type": "received", "event_id": each["event_id"]} for each in bodies]
    received = [
        json.dumps(line | {"body": json.dumps(body)})
        for line, body in zip(lines, bodies, strict=True)
    ]
    (tmp_path / "received.jsonl").write_text("\n".join(received) + "\n")
    assert rows(flowsim, path, tmp_path / "received.jsonl") == []
    assert rows(flowsim, path, path) == []
    assert rows(flowsim, tmp_path / "a.har", tmp_path / "a.har") == []


# Runs


def test_two_runs_are_compared_attempt_by_attempt(
    flowsim: Flowsim, scenario: Write, webhook: Webhook, tmp_path: Path
) -> None:
    webhook.answers = [status(200), status(503), status(200), status(200), status(404)]
    result = []
    for name in ("a", "b"):
        options = ("--save", tmp_path / name, "--target", webhook.port, "--concurrency", "1")
        result.append(flowsim("replay", scenario(STORY), *options, "--json").stdout)
        (tmp_path / f"{name}.jsonl").write_text(result[-1])
    second = json.loads(result[0].splitlines()[1])["event_id"]
    attempts = f"events.{second}.attempts"
    found = rows(flowsim, tmp_path / "a", tmp_path / "b")
    assert (f"{attempts}[0].status_code", 503, 404) in found
    assert (f"{attempts}[0].reason", None, "404 is not retried") in found
    assert ("summary.delivered", 2, 1) in found
    assert {path.split("[0]")[0] for path, *_ in found if "summary" not in path} == {
        attempts,
        f"{attempts}[1]",
    }
    assert rows(flowsim, tmp_path / "a.jsonl", tmp_path / "b.jsonl") == found
    assert rows(flowsim, tmp_path / "a", tmp_path / "a.jsonl") == []


def test_runs_of_other_events_are_paired_in_their_order(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        options = ("--fresh", "--target", webhook.port, "--save", tmp_path / name)
        flowsim("replay", "partial", *options)
    result = flowsim("diff", tmp_path / "a", tmp_path / "b", "--ignore", "**.event_id", "--json")
    assert [each["path"] for each in json.loads(result.stdout)] == ["events[0].body.eventid"]
    assert "no event is in both: they are compared in their order" in result.stderr


# Mistakes


def test_a_file_that_cannot_be_read_is_reported_in_one_sentence(
    flowsim: Flowsim, write: Files
) -> None:
    good = write("good.json", "{}")
    broken = write("broken.jsonl", '{"type": "attempt"}\n\n{"type": 1}\n')
    for name, sentence in {
        "partal": "no scenario, file or event code 'partal'; did you mean partial?",
        str(good.parent): f"{good.parent}: no captured requests; expected files such as",
        str(good.parent / "a.har"): "a.har: no such file or directory",
        str(broken): f"{broken}:3: expected an object whose type is attempt, received",
        "a" * 5000: "no scenario, file or event code",
    }.items():
        for arguments in ((good, name), (name, good)):
            result = flowsim("diff", *arguments)
            assert (result.exit_code, result.stdout) == (2, "")
            assert result.stderr.startswith(f"error: {sentence}"[:60]) or sentence in result.stderr
            assert result.stderr.count("\n") == 1


def test_a_byte_order_mark_makes_no_difference(flowsim: Flowsim, tmp_path: Path) -> None:
    marked, plain = tmp_path / "marked", tmp_path / "plain"
    for text in ('{"a": 1}', "no json", flowsim("replay", "partial", "--json").stdout):
        plain.write_text(text, encoding="utf-8")
        marked.write_text(text, encoding="utf-8-sig")
        assert rows(flowsim, plain, marked) == rows(flowsim, marked, plain) == []
    assert flowsim("diff", "-", plain, input=marked.read_bytes()).exit_code == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_text_in_another_encoding_is_named_so(
    flowsim: Flowsim, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "a.json"
    file.write_bytes('{"a": 1}'.encode(encoding))
    result = flowsim("diff", file, "partial")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {file}: line 1: text in {encoding[:6].upper()}; expected text in UTF-8 "
        f"(save it as UTF-8 in an editor, or with iconv -f {encoding[:6].upper()} -t UTF-8)\n"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_read_as_a_payload(flowsim: Flowsim, tmp_path: Path) -> None:
    """Shells make one of <(command)."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text('{"a": 1}')
    with ThreadPoolExecutor(1) as pool:
        pool.submit((tmp_path / "pipe").write_text, '{"a":1}')
        assert flowsim("diff", tmp_path / "pipe", tmp_path / "file").exit_code == 0


def test_a_mistaken_scenario_is_reported_as_by_other_commands(
    flowsim: Flowsim, scenario: Write
) -> None:
    path = scenario("events: []\n")
    result = flowsim("diff", "partial", path)
    assert (result.exit_code, result.stderr.count("events: an empty list")) == (2, 1)


def test_a_run_and_a_payload_cannot_be_compared(flowsim: Flowsim, write: Files) -> None:
    payload, attempts = write("a.json", "{}"), write("b.jsonl", '{"type": "attempt"}')
    for left, right in ((payload, attempts), ("batch", payload), ("batch", attempts)):
        result = flowsim("diff", left, right)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"error: cannot compare {left} with {right}: one ")


@pytest.mark.parametrize("arguments", [[], ["partial"], ["a", "b", "c"], ["-", "-"]])
def test_two_operands_are_needed(flowsim: Flowsim, arguments: list[str]) -> None:
    assert flowsim("diff", *arguments).exit_code == 2


def test_an_invalid_path_is_a_usage_mistake(flowsim: Flowsim) -> None:
    result = flowsim("diff", "partial", "success", "--ignore", "a..b")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'a..b' is not a path such as event.errors[0].code" in result.stderr
    assert "partial" in shipped()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless device here")
def test_a_device_without_an_end_is_refused(flowsim: Flowsim) -> None:
    result = flowsim("diff", "/dev/zero", "partial")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: /dev/zero: a device that has no end; expected a file\n"
