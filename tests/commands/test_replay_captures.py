"""``flowsim replay`` of captured requests: sent again byte for byte, or signed again."""

from __future__ import annotations

import json
import socket
from codecs import BOM_UTF8
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flowsim.commands import main

from ..captures.archives import archive, entry
from ..webhook import Request, Webhook, status

Flowsim = Callable[..., Result]
Write = Callable[..., str]

STORY = (
    "at: 2026-01-15T09:30:00Z\nseed: 7\nevents:\n  - {payload: {a: 1.50}, after: 90s, repeat: 3}\n"
)
RAW = (
    b"POST /old?x=y HTTP/1.1\r\nHost: old.example\r\nX-Adobe-Event-Id: e1\r\nx-Odd:  \xff \r\n"
    b"x-odd: 2\r\nConnection: close, x-hop\r\nx-hop: 1\r\nContent-Length: 4\r\n\r\n\xff\r\n{"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for what is captured."""
    made = tmp_path / "captured"
    made.mkdir()
    return made


@pytest.fixture
def saved(flowsim: Flowsim, scenario: Write, folder: Path) -> Path:
    """Three deliveries of ours, 90 s apart, as a replay saved them."""
    assert flowsim("replay", scenario(STORY), "--save", folder).exit_code == 0
    return folder


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def raw_of(request: Request) -> tuple[list[str], bytes]:
    """Return what is sent again of a request: its headers but for two, and its body."""
    own = ("host: ", "content-length: ")
    return [line for line in request.header_lines if not line.startswith(own)], request.body


def mistake(flowsim: Flowsim, *arguments: object) -> str:
    """Return the sentence with which a replay is refused before anything is sent."""
    with Webhook() as webhook:
        result = flowsim("replay", *arguments, "--target", webhook.port)
        assert (result.exit_code, result.stdout, webhook.requests) == (2, "", [])
    (sentence,) = result.stderr.splitlines()
    return str(sentence)


# As they were


def test_saved_deliveries_are_sent_again_byte_for_byte(
    flowsim: Flowsim, scenario: Write, webhook: Webhook, tmp_path: Path
) -> None:
    saving = ("--target", f"{webhook.port}/first", "--save", tmp_path / "saved")
    assert flowsim("replay", scenario(STORY), *saving).exit_code == 0
    result = flowsim("replay", tmp_path / "saved", "--target", f"{webhook.port}/second?x=%2F")
    first, second = webhook.requests[:3], webhook.requests[3:]
    assert (result.exit_code, len(second)) == (0, 3)
    assert [raw_of(each) for each in first] == [raw_of(each) for each in second]
    assert {each.line for each in second} == {"POST /second?x=%2F HTTP/1.1"}


def test_pauses_are_kept_on_the_clock_of_the_story(flowsim: Flowsim, saved: Path) -> None:
    result = flowsim("replay", saved)
    opening, counted, *attempts = result.stdout.splitlines()[:5]
    sent = "3 requests captured from 2026-01-15 09:31:30 on, sent as they were."
    assert opening == f"{saved}: {sent}"
    assert counted == "3 events to the built-in receiver"
    assert [line.split(" ")[0] for line in attempts] == [
        "09:31:30.000",
        "09:33:00.000",
        "09:34:30.000",
    ]
    assert result.stdout.endswith("ok: every event met its expectation\n")


def test_headers_keep_order_case_and_repetitions_and_the_body_its_bytes(
    flowsim: Flowsim, webhook: Webhook, folder: Path
) -> None:
    (folder / "a.http").write_bytes(RAW)
    assert flowsim("replay", folder, "--target", webhook.port).exit_code == 0
    (request,) = webhook.requests
    assert request.header_lines == [
        f"host: 127.0.0.1:{webhook.port}",
        "content-length: 4",
        "X-Adobe-Event-Id: e1",
        "x-Odd: \xff",
        "x-odd: 2",
    ]
    assert (request.line, request.body) == ("POST / HTTP/1.1", b"\xff\r\n{")


def test_requests_without_times_are_sent_in_the_order_of_names(
    flowsim: Flowsim, webhook: Webhook, folder: Path
) -> None:
    for name in ("b", "a", "c"):
        (folder / f"{name}.http").write_bytes(b"POST / HTTP/1.1\n\n" + name.encode())
    (folder / "note.txt").write_text("no request")
    result = flowsim("replay", folder, "--target", webhook.port, "--concurrency", 9)
    assert (result.exit_code, [each.body for each in webhook.requests]) == (0, [b"a", b"b", b"c"])


def test_one_file_may_hold_several_requests(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    file = tmp_path / "shown.HTTP"
    file.write_bytes(flowsim("show", "batch", "--as", "http").stdout_bytes)
    result = flowsim("replay", file, "--target", webhook.port, "--json")
    *attempts, summary = objects(result)
    assert (summary["events"], summary["deliveries"]) == (45, 3)
    assert [len(each["event_ids"]) for each in attempts] == [20, 20, 5]


def test_a_byte_order_mark_before_a_request_is_no_part_of_it(
    flowsim: Flowsim, webhook: Webhook, folder: Path
) -> None:
    (folder / "a.http").write_bytes(BOM_UTF8 + RAW)
    assert flowsim("replay", folder, "--target", webhook.port).exit_code == 0
    assert webhook.requests[0].body == b"\xff\r\n{"


def test_an_archive_is_sent_in_the_order_of_its_times(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    file = tmp_path / "incident.har"
    later = entry("2", at="2026-01-15T09:31:00Z")
    file.write_bytes(archive(later, entry("1"), entry("3", headers=()), entry("4", method="GET")))
    result = flowsim("replay", file, "--target", webhook.port)
    assert [each.body for each in webhook.requests] == [b"1", b"2"]
    assert "2 of 4 requests captured from 2026-01-15 09:30:00 on" in result.stdout
    assert flowsim("replay", file, "--all", "--target", webhook.port).exit_code == 0
    assert sorted(each.body for each in webhook.requests[2:]) == [b"1", b"2", b"3"]


def test_scenarios_and_captures_are_delivered_in_order(
    flowsim: Flowsim, webhook: Webhook, saved: Path
) -> None:
    result = flowsim("replay", "success", saved, "--target", webhook.port, "--json")
    codes = [each.get("event_code") for each in objects(result)]
    assert codes == ["sources_flow_run_success", *["custom_event"] * 3, None]


def test_a_folder_does_not_hide_a_shipped_scenario_of_its_name(
    flowsim: Flowsim, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved.rename(saved.with_name("partial"))
    monkeypatch.chdir(saved.parent)
    assert "seed 7" in flowsim("replay", "partial").stdout
    assert "3 requests captured" in flowsim("replay", "./partial").stdout


def test_files_are_sent_in_the_order_of_the_times_in_their_names(
    flowsim: Flowsim, webhook: Webhook, folder: Path
) -> None:
    for number, moment in ((1, "093001.000"), (2, "093000.500"), (3, "093001.000")):
        name = f"{number:06}-20260115T{moment}Z-e.http"
        (folder / name).write_bytes(b"POST / HTTP/1.1\n\n%d" % number)
    result = flowsim("replay", folder, "--target", webhook.port, "--concurrency", 1)
    assert [each.body for each in webhook.requests] == [b"2", b"1", b"3"]
    assert [line[:12] for line in result.stdout.splitlines()[2:5]] == [
        "09:30:00.500",
        "09:30:01.000",
        "09:30:01.000",
    ]


def test_replayed_captures_can_be_saved_and_replayed_again(
    flowsim: Flowsim, webhook: Webhook, folder: Path, tmp_path: Path
) -> None:
    (folder / "a.http").write_bytes(RAW)
    for source, to in ((folder, tmp_path / "2"), (tmp_path / "2", tmp_path / "3")):
        assert flowsim("replay", source, "--save", to, "--target", webhook.port).exit_code == 0
    assert raw_of(webhook.requests[0]) == raw_of(webhook.requests[1])
    assert (tmp_path / "2").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("fault", ["truncated-body", "wrong-content-length", "chunked-body"])
def test_a_cut_request_is_saved_whole_and_as_written(
    flowsim: Flowsim, scenario: Write, folder: Path, fault: str
) -> None:
    story = f"{STORY}faults: [{fault}]\n"
    flowsim("replay", scenario(story), "--save", folder, "--max-attempts", 1)
    first = next(folder.glob("000001-*.http"))
    assert first.with_suffix(".wire").exists() is (fault != "chunked-body")
    assert "3 verified" in flowsim("replay", folder).stdout
    with Webhook() as webhook:
        assert flowsim("replay", first, "--target", webhook.port).exit_code == 0
    assert webhook.requests[0].body == first.with_suffix(".body").read_bytes()


# Requests that broke off


CUT = RAW[:-1]


def sent_raw(*arguments: object) -> tuple[Result, bytes]:
    """Replay to a socket that reads until nothing more comes, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        reading = pool.submit(_read_all, server)
        words = ["replay", *arguments, "--target", server.getsockname()[1]]
        result = CliRunner().invoke(main, [*map(str, words)])
        return result, reading.result(30)


def _read_all(server: socket.socket) -> bytes:
    while True:
        connection, _ = server.accept()
        with connection:
            if raw := b"".join(iter(partial(connection.recv, 65_536), b"")):
                return raw  # a connection without a request asks whether anything listens


def test_a_request_that_broke_off_is_sent_as_it_came_and_once(folder: Path) -> None:
    (folder / "a.http").write_bytes(CUT)
    result, raw = sent_raw(folder)
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"\r\ncontent-length: 4\r\nX-Adobe-Event-Id: e1\r\n" in head
    assert (result.exit_code, body) == (0, b"\xff\r\n")
    assert "with broken-off try 1 [602 network]" in result.stdout
    assert "as it was captured · dropped: its body is incomplete" in result.stdout
    assert result.stdout.endswith("ok: every event met its expectation\n")


def test_an_unfinished_chunked_body_is_sent_unfinished(folder: Path) -> None:
    chunked = b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
    (folder / "a.http").write_bytes(b"POST / HTTP/1.1\r\n" + chunked)
    result, raw = sent_raw(folder, "--resign")
    assert raw.endswith(b"\r\n\r\n1\r\n{\r\n1\r\n}\r\n")
    assert b"\r\ntransfer-encoding: chunked\r\n" in raw
    assert (result.exit_code, b"content-length" in raw) == (0, False)


def test_a_wrong_content_length_is_sent_as_it_is(flowsim: Flowsim, folder: Path) -> None:
    (folder / "a.http").write_bytes(b"POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\n{}")
    with Webhook([status(400)]) as webhook:
        result = flowsim("replay", folder, "--target", webhook.port)
    assert webhook.requests[0].body == b"{"
    assert "with wrong-content-length try 1 [400]" in result.stdout


def test_requests_after_an_incomplete_one_are_sent(
    flowsim: Flowsim, webhook: Webhook, saved: Path, tmp_path: Path
) -> None:
    second = sorted(saved.glob("*.http"))[1]
    second.write_bytes(second.read_bytes()[:-20])
    mine = ("--resign", "--client-id", "somebody")
    for options in ((), ("--resign",), mine, ("--save", tmp_path / "again")):
        result = flowsim("replay", saved, *options, "--target", webhook.port, "--json")
        *output, summary = objects(result)
        assert [each["faults"] for each in output] == [[], ["broken-off"], []]
        assert (result.exit_code, summary["delivered"], summary["left_out"]) == (0, 2, 0)
        assert ("is sent as it is" in result.stderr) is (options == mine)
    again = sorted((tmp_path / "again").glob("*.http"))[1]
    assert (
        again.read_bytes().partition(b"\r\n\r\n")[2]
        == second.read_bytes().partition(b"\r\n\r\n")[2]
    )
    assert not again.with_suffix(".wire").exists()
    assert flowsim("diff", saved, saved).exit_code == 0


def test_files_that_cannot_be_read_are_named_and_left_out(
    flowsim: Flowsim, webhook: Webhook, saved: Path
) -> None:
    second = sorted(saved.glob("*.http"))[1]
    second.write_bytes(b"PUT / HTTP/1.1\r\n\r\n")
    (saved / f"{second.stem}x.http").mkdir()
    result = flowsim("replay", saved, "--target", webhook.port)
    assert (result.exit_code, len(webhook.requests)) == (1, 2)
    assert result.stderr.splitlines() == [
        f"warning: {second}: a PUT; expected a POST; it is left out",
        f"warning: {saved}/{second.stem}x.http: is a directory; expected captured requests; "
        "it is left out",
    ]
    assert "2 of 4 requests captured from" in result.stdout
    assert result.stdout.endswith("not ok: 2 captured requests left out\n")
    summary = objects(flowsim("replay", saved, "--target", webhook.port, "--json"))[-1]
    assert (summary["left_out"], summary["ok"]) == (2, False)
    compared = flowsim("diff", saved, saved)
    assert (compared.exit_code, compared.stdout) == (1, "the same, except for what is ignored\n")
    assert compared.stderr.count("warning: ") == 4


def test_an_entry_of_an_archive_that_cannot_be_read_is_left_out(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    file = tmp_path / "incident.har"
    file.write_bytes(archive(entry("1"), entry("2", at="now"), entry("3", method="GET")))
    result = flowsim("replay", file, "--target", webhook.port)
    assert (result.exit_code, len(webhook.requests)) == (1, 1)
    assert result.stderr.startswith(f"warning: {file}: log.entries[1].startedDateTime: 'now'; ")


def test_no_more_than_fifty_files_are_named(flowsim: Flowsim, saved: Path) -> None:
    for number in range(60):
        (saved / f"{number}.http").write_bytes(b"no request")
    result = flowsim("replay", saved).stderr.splitlines()
    assert (len(result), result[-1]) == (51, "… and 10 more warnings")


# Attempts


def test_a_retry_is_known_by_its_count_and_delivery_id(
    flowsim: Flowsim, webhook: Webhook, folder: Path
) -> None:
    head = b"POST / HTTP/1.1\nX-Adobe-Delivery-Id: d1\nX-Adobe-Retry-Count: 2\nx-other: 1\n\n{}"
    (folder / "a.http").write_bytes(head)
    webhook.answers = [status(503), status(200)]
    result = flowsim("replay", folder, "--target", webhook.port, "--json")
    first, second = webhook.requests
    assert raw_of(first)[0] == ["X-Adobe-Delivery-Id: d1", "X-Adobe-Retry-Count: 2", "x-other: 1"]
    assert second.headers["X-Adobe-Retry-Count"] == "3"
    assert second.headers["X-Adobe-Delivery-Id"] not in ("d1", "")
    assert (list(second.headers), second.body) == (list(first.headers), first.body)
    assert [each.get("delivery_id") for each in objects(result)] == [
        "d1",
        second.headers["X-Adobe-Delivery-Id"],
        None,
    ]


def test_a_retry_adds_no_delivery_id_where_there_was_none(
    flowsim: Flowsim, webhook: Webhook, folder: Path
) -> None:
    (folder / "a.http").write_bytes(b"POST / HTTP/1.1\n\n{}")
    webhook.answers = [status(503), status(200)]
    flowsim("replay", folder, "--target", webhook.port)
    assert [raw_of(each)[0] for each in webhook.requests] == [[], ["x-adobe-retry-count: 1"]]


def test_addresses_in_a_capture_are_not_contacted(
    flowsim: Flowsim, webhook: Webhook, folder: Path
) -> None:
    (folder / "a.http").write_bytes(RAW.replace(b"POST /old", b"POST http://old.example/old"))
    webhook.answers = [status(302, location="http://old.example/")]
    result = flowsim("replay", folder, "--target", webhook.port)
    assert (result.exit_code, len(webhook.requests)) == (1, 1)
    assert "302 is a redirect, which is not followed" in result.stdout


# Verified, and signed again


def test_without_a_target_requests_are_judged_by_own_or_saved_keys(
    flowsim: Flowsim, scenario: Write, own_home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flowsim("replay", scenario(STORY), "--save", folder)
    by_our_keys = flowsim("replay", folder)
    monkeypatch.setenv("FLOWSIM_HOME", str(own_home.with_name("another")))
    by_keys_beside = flowsim("replay", folder)
    for key in folder.glob("*.pem"):
        key.unlink()
    by_none = flowsim("replay", folder)
    resigned = flowsim("replay", folder, "--resign")
    results = by_our_keys, by_keys_beside, by_none, resigned
    assert [each.exit_code for each in results] == [0, 0, 1, 0]
    assert by_none.stdout.count("no public key at /prod/keys/pub-key-") == 3
    assert "3 not verified" in by_none.stdout


def test_each_of_many_requests_without_ids_is_judged_alone(flowsim: Flowsim, saved: Path) -> None:
    first, second, third = sorted(saved.glob("*.http"))
    second.write_bytes(second.read_bytes().replace(b'{"a":1.5', b'{"a":2.5'))
    for each in (first, second, third):
        lines = each.read_bytes().split(b"\r\n")
        kept = [line for line in lines if not line.startswith(b"x-adobe-delivery-id")]
        each.write_bytes(b"\r\n".join(kept))
    *attempts, _ = objects(flowsim("replay", saved, "--json"))
    assert [each["verified"] for each in attempts] == [True, False, True]


def test_resigned_requests_change_in_their_signatures_only(
    flowsim: Flowsim, webhook: Webhook, saved: Path, own_home: Path
) -> None:
    for options in ([], ["--resign"]):
        assert flowsim("replay", saved, *options, "--target", webhook.port).exit_code == 0
    assert own_home.exists()
    for old, new in zip(webhook.requests[:3], webhook.requests[3:], strict=True):
        assert (old.body, list(old.headers)) == (new.body, list(new.headers))
        changed = {name for name, value in new.headers.items() if old.headers[name] != value}
        assert changed == {
            *("x-adobe-digital-signature-1", "x-adobe-digital-signature-2"),
            *("x-adobe-public-key1-path", "x-adobe-public-key2-path"),
        }


def test_a_client_id_is_written_into_the_bodies_and_nothing_else(
    flowsim: Flowsim, webhook: Webhook, saved: Path
) -> None:
    options = ("--resign", "--client-id", "somebody")
    assert flowsim("replay", saved, *options).exit_code == 0
    assert flowsim("replay", saved, "--target", webhook.port).exit_code == 0
    assert flowsim("replay", saved, *options, "--target", webhook.port).exit_code == 0
    ours = b'"0123456789abcdef0123456789abcdef"'
    for old, new in zip(webhook.requests[:3], webhook.requests[3:], strict=True):
        assert old.body.count(ours) == 2
        assert new.body == old.body.replace(ours, b'"somebody"')


def test_an_archive_that_was_signed_elsewhere_verifies_once_it_is_signed_again(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    file = tmp_path / "incident.har"
    file.write_bytes(archive(entry('{"recipientclientid": "theirs", "x": 1.0}')))
    assert flowsim("replay", file).exit_code == 1
    for options in (["--resign"], ["--resign", "--client-id", "mine"]):
        assert "1 verified" in flowsim("replay", file, *options).stdout


# Mistakes


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--seed", "0"], "--seed is for scenarios; {} contains captured requests, which"),
        (["--at", "2026-01-15T09:30:00Z"], "--at is for scenarios; "),
        (["--fresh"], "--fresh is for scenarios; "),
        (["--set", "seed=1"], "--set is for scenarios; "),
        (["--repeat", "1"], "--repeat is for scenarios; "),
        (["--format", "adobe_io"], "--format is for scenarios; "),
        (["--client-id", "mine"], "--client-id changes a captured request: its signatures do not"),
    ],
)
def test_options_that_would_change_a_story_are_refused(
    flowsim: Flowsim, saved: Path, options: list[str], sentence: str
) -> None:
    assert sentence.format(saved) in mistake(flowsim, saved, *options)


@pytest.mark.parametrize("option", ["--resign", "--all"])
def test_options_of_captured_requests_are_refused_for_scenarios(
    flowsim: Flowsim, option: str
) -> None:
    expected = f"error: {option} is for captured requests; partial is a scenario"
    assert mistake(flowsim, "partial", option) == expected


FILES: dict[str, tuple[bytes, str]] = {
    "empty.http": (b"", "empty; expected an HTTP request"),
    "get.http": (b"GET / HTTP/1.1\r\n\r\n", "a GET; expected a POST"),
    "head.http": (RAW[:50], "line 3: 'X-Adobe'; expected a header such as content-type"),
    "second.http": (RAW + b"PUT / HTTP/1.1\n\n", "second.http, request 2: a PUT; expected a POST"),
    "none.har": (archive(entry(headers=())), "no POST with a header x-adobe-… among 1 request"),
    "odd.har": (archive(entry(at="now")), "log.entries[0].startedDateTime: 'now'; expected a mom"),
    "text.har": (b"hello", "no JSON ("),
    "utf-16.har": (
        "{}".encode("utf-16"),
        "text in UTF-16; expected text in UTF-8 (save it as UTF-8",
    ),
    "utf-16.http": (RAW.decode("latin-1").encode("utf-16"), "text in UTF-16; expected text in"),
    "no-such.har": (b"", "no such file or directory; expected captured requests"),
    "no-such.http": (b"", "no such file or directory; expected captured requests"),
}


@pytest.mark.parametrize("name", FILES)
def test_an_unreadable_request_is_reported_in_one_sentence_with_its_place(
    flowsim: Flowsim, folder: Path, name: str
) -> None:
    content, sentence = FILES[name]
    if not name.startswith("no-such"):
        (folder / name).write_bytes(content)
    result = mistake(flowsim, folder / name)
    assert result.startswith(f"error: {folder / name}")
    assert sentence in result


def test_a_folder_without_requests_is_reported_in_one_sentence(
    flowsim: Flowsim, folder: Path
) -> None:
    result = mistake(flowsim, folder)
    assert result.startswith(
        f"error: {folder}: no captured requests; expected files such as flowsim"
    )


def test_a_folder_of_scenarios_is_refused(flowsim: Flowsim, folder: Path) -> None:
    (folder / "a.yaml").write_text("events: [payload: 1]")
    found = "a folder with scenarios, and without captured requests"
    result = mistake(flowsim, folder)
    assert result == f"error: {folder}: {found}; name its files, as in {folder}/*.yaml"
    assert flowsim("diff", "partial", folder).stderr == f"{result}\n"


def test_an_archive_without_any_post_is_reported_in_one_sentence(
    flowsim: Flowsim, folder: Path
) -> None:
    (folder / "a.har").write_bytes(archive(entry(method="GET")))
    assert "no POST among 1 request" in mistake(flowsim, folder / "a.har", "--all")


def test_a_body_without_room_for_a_recipient_is_sent_unchanged(
    flowsim: Flowsim, webhook: Webhook, folder: Path
) -> None:
    (folder / "a.http").write_bytes(RAW)
    mine = ("--resign", "--client-id", "mine")
    result = flowsim("replay", folder, *mine, "--target", webhook.port)
    assert (result.exit_code, webhook.requests[0].body) == (0, b"\xff\r\n{")
    assert result.stderr.startswith(f"warning: {folder}/a.http: the body is not JSON in UTF-8 (")
    assert result.stderr.endswith("no recipient can be written into it; it is sent as it is\n")


def test_files_that_cannot_be_read_are_left_out_among_those_that_can(
    flowsim: Flowsim, webhook: Webhook, folder: Path
) -> None:
    """A shell makes many names of incident/*.http."""
    for name, raw in (("a", b"no request"), ("b", RAW), ("c", b""), ("d", RAW)):
        (folder / f"{name}.http").write_bytes(raw)
    files = sorted(folder.iterdir())
    result = flowsim("replay", "partial", *files, "--target", webhook.port)
    assert (result.exit_code, len(webhook.requests)) == (1, 3)
    assert [line.partition(": ")[2].partition(": ")[0] for line in result.stderr.splitlines()] == [
        str(files[0]),
        str(files[2]),
    ]
    assert result.stdout.endswith("not ok: 2 captured requests left out\n")
    assert flowsim("replay", "partial", files[0], "--target", webhook.port).exit_code == 2


def test_with_json_a_mistake_still_ends_with_a_summary(flowsim: Flowsim, folder: Path) -> None:
    (summary,) = objects(flowsim("replay", folder, "--json"))
    assert (summary["type"], summary["events"], summary["ok"]) == ("summary", 0, False)
