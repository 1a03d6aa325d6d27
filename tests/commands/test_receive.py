"""``flowsim receive`` as a process of its own, with replays for senders."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pytest
import requests
from click.testing import Result

from flowsim.commands._output import beside
from flowsim.receiver import key_host
from flowsim.web.server import Server

from ..cases import for_each
from ..families.own import own_families, take_over
from .forked import Forked

Flowsim = Callable[..., Result]


@dataclass
class Receiving:
    """A running stub: where it listens, and what it printed."""

    host: str
    port: int
    ready: str
    output: IO[str]

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def lines(self, number: int) -> list[str]:
        """Return the next lines about POSTs of its standard output, waiting for them."""
        return list(islice(filter(is_of_a_post, self.all_lines()), number))

    def all_lines(self) -> Iterator[str]:
        """Yield the next lines of its standard output, waiting for each."""
        while line := self.output.readline():
            yield line.rstrip("\n")


def is_of_a_post(line: str) -> bool:
    return re.search(r"← (GET|DELETE) ", line) is None


@contextlib.contextmanager
def receiving(
    *options: object, ended_by: signal.Signals = signal.SIGINT, leaves: str = ""
) -> Iterator[Receiving]:
    """Run the stub on a free port until the block ends, a minute at most; then press Ctrl-C."""
    with Forked("receive", "--port", "0", *map(str, options)) as process:
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        ready = process.stderr.readline()
        port = re.search(r":(\d+)/", ready)
        assert port, ready + process.stderr.read()
        try:
            yield Receiving("127.0.0.1", int(port[1]), ready, process.stdout)
        finally:
            process.send_signal(ended_by)
            rest, errors = process.communicate()
            watchdog.cancel()
        assert (errors.splitlines()[-1], process.returncode) == ("stopped", 0)
        of_posts = [line for line in rest.splitlines(keepends=True) if is_of_a_post(line)]
        assert re.fullmatch(leaves, "".join(of_posts))


def attempts(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()][:-1]


def test_receive_prints_its_address_and_a_line_for_each_delivery(flowsim: Flowsim) -> None:
    with receiving() as stub:
        assert stub.ready == f"webhook: http://127.0.0.1:{stub.port}/ (Ctrl-C ends it)\n"
        result = flowsim("replay", "partial", "--target", f"{stub.port}/hook", "--json")
        (line,) = stub.lines(1)
        (attempt,) = attempts(result)
        pattern = (
            r"\d\d:\d\d:\d\d ← sources_flow_run_success {} \[200\] verified"
            " · success, 30 of 1,000 records failed"
        )
        assert re.fullmatch(pattern.format(attempt["event_id"][:8]), line)
        assert result.exit_code == 0


@pytest.mark.usefixtures("hang_ups")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_sigterm_ends_receive_without_an_error(number: signal.Signals) -> None:
    with receiving(ended_by=number) as stub:
        assert requests.get(f"{stub.url}/received", timeout=10).json() == []


REFUSED = r"(.* \[40\d\] .*\n)?"
"""The line of a request that was refused, if it came to that."""


def test_a_delay_ends_once_the_receiver_is_stopped() -> None:
    with (
        receiving("--delay", "50s", ended_by=signal.SIGTERM, leaves=REFUSED) as stub,
        socket.create_connection((stub.host, stub.port)) as sender,
    ):
        sender.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}")


def test_received_requests_can_be_listed_and_deleted(flowsim: Flowsim) -> None:
    with receiving() as stub, requests.Session() as session:
        flowsim("replay", "partial", "--target", stub.port)
        (received,) = session.get(f"{stub.url}/received").json()
        assert received["body"] + "\n" == flowsim("show", "partial", "--as", "body").stdout
        assert received["headers"]["x-adobe-event-id"] == received["event_id"]
        assert session.delete(f"{stub.url}/received").status_code == 204
        assert session.get(f"{stub.url}/received").json() == []
        stub.lines(1)


def test_receive_answers_the_challenge_as_text_and_as_json() -> None:
    with receiving() as stub, requests.Session() as session:
        plain = session.get(f"{stub.url}/any/path", params={"challenge": "8ec8d794-é"})
        as_json = session.get(
            stub.url, params={"challenge": "x"}, headers={"accept": "application/json"}
        )
        assert (plain.text, as_json.json()) == ("8ec8d794-é", {"challenge": "x"})


def test_respond_gives_each_event_its_answers_in_turn(flowsim: Flowsim) -> None:
    with receiving("--respond", "503*2,429,202") as stub:
        result = flowsim("replay", "partial", "--repeat", 2, "--target", stub.port, "--json")
        output = stub.lines(8)
    by_event: dict[str, list[int]] = {}
    for each in attempts(result):
        by_event.setdefault(each["event_id"], []).append(each["status_code"])
    assert list(by_event.values()) == [[503, 503, 429, 202]] * 2
    assert sorted(line.split(" ", 4)[-1] for line in output) == sorted(
        2
        * [
            "[503] verified · success, 30 of 1,000 records failed",
            "retry 1 [503] verified",
            "retry 2 [429] verified",
        ]
        + 2 * ["retry 3 [202] verified"]
    )


def test_respond_can_give_no_answer(flowsim: Flowsim) -> None:
    """Where a connection is closed, the sender looks whether TLS is spoken there."""
    with receiving("--respond", "timeout,close,reset,503*2,200", leaves="(?s).*") as stub:
        replay = ("replay", "partial", "--target", stub.port, "--timeout", "2s", "--json")
        result = flowsim(*replay)
        of_deliveries = (line for line in stub.all_lines() if "flow_run" in line)
        lines = list(islice(of_deliveries, 6))
    assert [each["status_code"] for each in attempts(result)] == [604, 602, 602, 503, 503, 200]
    answered = re.findall(r"\[(\w+)\] verified", "\n".join(lines))
    assert answered == ["timeout", "close", "reset", "503", "503", "200"]


def test_each_request_is_a_line_with_its_answer() -> None:
    with receiving() as stub, requests.Session() as session:
        session.get(f"{stub.url}/hook", params={"challenge": "a b"})
        session.get(stub.url, params={"challenge": "x"}, headers={"accept": "application/json"})
        session.get(f"{stub.url}/received")
        session.put(stub.url)
        session.get(stub.url, headers={"host": "example.com"})
        session.post(stub.url, data=bytes(5 * 2**20))
        lines = [line.partition(" ← ")[2] for line in islice(stub.all_lines(), 6)]
    assert lines == [
        "GET /hook?challenge=a+b [200] the challenge",
        "GET /?challenge=x [200] the challenge, as JSON",
        "GET /received [200] a list of 0",
        "PUT / [405] The method is not allowed for the requested URL.",
        "GET / [421] no host 'example.com' is served here; add --name example.com",
        "POST / [413] the body is larger than 4 MB, which is the largest size that is accepted",
    ]


def test_each_request_is_a_json_object_too(flowsim: Flowsim, tmp_path: Path) -> None:
    """``flowsim diff`` reads past those that are no deliveries."""
    kept = tmp_path / "received.jsonl"
    with receiving("--json") as stub:
        requests.get(stub.url, params={"challenge": "x"}, timeout=10)
        flowsim("replay", "partial", "--target", stub.port)
        lines = list(islice(stub.all_lines(), 2))
    answered, received = map(json.loads, lines)
    assert answered == {
        "type": "answered",
        "method": "GET",
        "path": "/?challenge=x",
        "status_code": 200,
        "said": "the challenge",
    }
    assert received["type"] == "received"
    kept.write_text("\n".join(lines))
    assert flowsim("diff", kept, "partial").exit_code == 0


def test_receive_waits_before_each_answer(flowsim: Flowsim) -> None:
    """A replay that waits less long gets no answer; the delivery has come all the same."""
    with receiving("--delay", "1s") as stub:
        replay = ("replay", "partial", "--target", stub.port, "--json", "--max-attempts", 1)
        late = flowsim(*replay, "--timeout", "200ms")
        stub.lines(1)
        in_time = flowsim(*replay, "--timeout", "20s")
        stub.lines(1)
    assert attempts(late)[0]["status_code"] == 604
    assert attempts(in_time)[0]["status_code"] == 200


@for_each(
    ("columns", "rest"),
    [
        (100, " · success, 30 of 1,000 records failed"),
        (80, " · success, 30 of 1,…"),
        (68, ""),
        (20, ""),
        (None, " · success, 30 of 1,000 records failed"),
    ],
)
def test_what_an_event_says_is_cut_where_the_terminal_ends(columns: int | None, rest: str) -> None:
    line = "09:30:00 ← sources_flow_run_success d0d66b83 [200] \x1b[32mverified\x1b[0m"
    assert beside(line, "success, 30 of 1,000 records failed", columns) == rest


def test_json_is_one_object_per_line_and_nothing_else(flowsim: Flowsim) -> None:
    with receiving("--json", "--client-id", "somebody-else") as stub:
        flowsim("replay", "partial", "--target", stub.port, "--client-id", "somebody-else")
        flowsim("replay", "partial", "--target", stub.port)
        correct, foreign = (json.loads(line) for line in stub.lines(2))
    keys = ["type", "event_id", "event_code", "delivery_id", "retry_count", "status_code"]
    keys += ["silence", "verified", "reason", "path", "headers", "body", "says"]
    assert (list(correct), list(foreign)) == (keys, keys)
    assert (correct["says"], foreign["says"]) == ("success, 30 of 1,000 records failed", None)
    assert (correct["type"], correct["verified"], correct["status_code"]) == ("received", True, 200)
    assert json.loads(correct["body"])["recipientclientid"] == "somebody-else"


def test_a_delivery_for_another_client_is_refused(flowsim: Flowsim) -> None:
    with receiving("--client-id", "the-client") as stub:
        result = flowsim("replay", "partial", "--target", stub.port)
        own = flowsim("replay", "partial", "--target", stub.port, "--client-id", "the-client")
        refused, accepted = stub.lines(2)
    assert (result.exit_code, own.exit_code) == (1, 0)
    assert "[401] the recipient is '0123456789abcdef" in refused
    assert accepted.endswith("[200] verified · success, 30 of 1,000 records failed")


def test_other_requests_are_refused_with_a_reason_and_printed() -> None:
    with receiving() as stub, requests.Session() as session:
        answers = [session.post(stub.url, data=body) for body in (b"\xff", b"{}")]
        lines = stub.lines(2)
    assert [answer.status_code for answer in answers] == [400, 401]
    assert "the body is not JSON" in answers[0].json()["reason"]
    assert "no event code no event [400] the body is not JSON" in lines[0]
    assert "[401] no recipient client id in the body" in lines[1]


def test_keys_may_come_from_a_folder(flowsim: Flowsim, tmp_path: Path) -> None:
    """A folder of other keys fits nothing; with --pem as files it does."""
    pems = re.findall(
        r"-+BEGIN.*?END PUBLIC KEY-+\n", flowsim("keys", "show", "--pem").stdout, re.S
    )
    names = [line.split("/")[3].split()[0] for line in flowsim("keys", "show").stdout.splitlines()]
    with receiving("--keys", tmp_path) as stub:
        without = flowsim("replay", "partial", "--target", stub.port)
        for name, pem in zip(names, pems, strict=True):
            (tmp_path / name).write_text(pem)
        with_keys = flowsim("replay", "partial", "--target", stub.port)
        refused, accepted = stub.lines(2)
    assert (without.exit_code, with_keys.exit_code) == (1, 0)
    assert "[401] x-adobe-public-key1-path: no public key at /prod/keys/pub-key-" in refused
    assert accepted.endswith("[200] verified · success, 30 of 1,000 records failed")


def test_keys_may_come_from_the_key_host_of_a_replay(flowsim: Flowsim) -> None:
    """The receiver knows only the URL; with an empty key host there it verifies nothing."""

    def no_key(path: str) -> bytes:
        raise LookupError(path)

    with Server(key_host.create(no_key), "127.0.0.1", 0) as empty:
        port = empty.port
        with receiving("--keys", f"http://127.0.0.1:{port}/") as stub:
            refused = flowsim("replay", "partial", "--target", stub.port)
            empty.close()
            once = ("--max-attempts", 1)  # it is put off, and would come again
            unreached = flowsim("replay", "partial", "--target", stub.port, *once)
            verified = flowsim("replay", "partial", "--target", stub.port, "--serve-keys", port)
            lines = stub.lines(3)
    assert (refused.exit_code, unreached.exit_code, verified.exit_code) == (1, 1, 0)
    assert [line.split("[")[1][:3] for line in lines] == ["401", "503", "200"]
    assert lines[0].endswith("(the key host answers 404)")
    assert (
        f"(the key host http://127.0.0.1:{port}/ is not reached: nothing listens there)" in lines[1]
    )


def test_a_host_that_others_can_reach_is_warned_of() -> None:
    with receiving("--host", "0.0.0.0") as stub, requests.Session() as session:
        assert stub.ready == f"webhook: http://0.0.0.0:{stub.port}/ (Ctrl-C ends it)\n"
        assert session.get(stub.url).status_code == 200


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # cheroot's socket
def test_a_taken_port_is_reported_in_one_sentence(flowsim: Flowsim) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = flowsim("receive", "--port", port)
    (sentence,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"cannot listen on 127.0.0.1:{port}" in sentence


@pytest.mark.parametrize(
    ("option", "value", "answer"),
    [
        ("--respond", "5xx", "as in 503*2,200"),
        ("--respond", "", "as in 503*2,200"),
        ("--client-id", "x y", "'x y'; expected 3 to 128 letters, digits, dots, dashes"),
        ("--client-id", "", "''; expected 3 to 128 letters, digits, dots, dashes"),
        ("--respond", "503*0", "as in 503*2,200"),
        ("--keys", "no-such-folder", "neither a URL nor a folder"),
        ("--keys", "", "--keys is empty: neither a URL nor a folder"),
        ("--keys", "http://", "--keys http://: no address; expected one such as http://localhost"),
        ("--keys", "http://a:x", "--keys http://a:x: no address"),
        ("--delay", "a while", "a duration such as 90s"),
        ("--save", "", "an empty name; expected the name of a folder"),
        ("--port", "65536", "65536 is not in the range"),
    ],
)
def test_an_invalid_value_is_a_usage_mistake(
    flowsim: Flowsim, option: str, value: str, answer: str
) -> None:
    result = flowsim("receive", "--port", 0, option, value)
    assert (result.exit_code, result.stdout) == (2, "")
    assert answer in result.stderr


# --save


POSTED = (
    b"POST /a//b?x=%2F HTTP/1.1\r\nHost: localhost\r\n"
    b"X-Adobe-EVENT-id: e1\r\nx-two: 1\r\nX-Two: 2\r\n"
)


def post_raw(stub: Receiving, raw: bytes) -> bytes:
    with socket.create_connection((stub.host, stub.port)) as connection:
        connection.sendall(raw)
        return connection.recv(4096)


def test_saved_requests_are_the_received_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with receiving("--save", folder) as stub:
        requests.get(stub.url, params={"challenge": "x"}, timeout=10)
        post_raw(stub, POSTED + b"content-length: 3\r\n\r\n\xff\r\n")
        post_raw(stub, POSTED + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
        stub.lines(2)
    first, second = sorted(folder.iterdir())
    assert first.read_bytes() == POSTED + b"content-length: 3\r\n\r\n\xff\r\n"
    chunked = POSTED + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    assert second.read_bytes() == chunked
    assert re.fullmatch(r"000002-20\d{6}T\d{6}\.\d{3}Z-e1\.http", second.name)
    assert {path.stat().st_mode & 0o777 for path in (first, second)} == {0o600}


def test_saved_requests_can_be_replayed_and_are_verified(flowsim: Flowsim, tmp_path: Path) -> None:
    with receiving("--save", tmp_path, "--respond", "503*2,200") as stub:
        flowsim("replay", "partial", "--target", f"{stub.port}/hook")
        output = stub.lines(3)
    result = flowsim("replay", tmp_path, "--json")
    *again, summary = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, len(output), summary["verified"]) == (0, 3, 3)
    assert len({each["event_id"] for each in again}) == 1
    assert len({each["delivery_id"] for each in again}) == 3


def test_saved_requests_can_be_replayed_even_broken_ones(flowsim: Flowsim, tmp_path: Path) -> None:
    with receiving("--save", tmp_path, "--json") as stub:
        with socket.create_connection((stub.host, stub.port)) as connection:
            connection.sendall(POSTED + b"content-length: 9\r\n\r\n{}")
        for chunks in (b"2\r\n{}\r\n", b"9\r\n{}"):
            with socket.create_connection((stub.host, stub.port)) as connection:
                connection.sendall(POSTED + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
        stub.lines(3)
        odd = b"x odd@: 1\r\nx-\xc3\xa4: 2\r\n"
        post_raw(stub, POSTED + odd + b"content-length: 2\r\n\r\n{}")
        post_raw(stub, POSTED + odd + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        stub.lines(2)
    *result, summary = map(json.loads, flowsim("replay", tmp_path, "--json").stdout.splitlines())
    assert sorted(each["faults"] for each in result) == [[], [], *[["broken-off"]] * 3]
    assert (summary["events"], summary["left_out"]) == (5, 0)


@pytest.mark.slow
def test_all_that_a_check_has_sent_can_be_replayed(flowsim: Flowsim, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with receiving("--save", kept, leaves=r"(?s).*") as stub:
        flowsim("check", f"{stub.port}/hook", "--seed", 7, "--only", "http", "--serve-keys", 0)
    for options in ((), ("--resign",), ("--resign", "--client-id", "somebody")):
        result = flowsim("replay", kept, *options, "--json")
        *output, summary = map(json.loads, result.stdout.splitlines())
        assert summary["deliveries"] == len([*kept.iterdir()])
        assert summary["left_out"] == 0
        assert ["broken-off"] in [each["faults"] for each in output]


def test_a_folder_that_cannot_be_written_is_reported_in_one_sentence(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = flowsim("receive", "--port", 0, "--save", tmp_path / "file")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: cannot save to {tmp_path / 'file'}: not a folder\n"


def test_requests_that_cannot_be_saved_are_answered_and_counted(tmp_path: Path) -> None:
    """The cause is said once, however often it comes."""
    folder = tmp_path / "kept"
    with Forked("receive", "--port", "0", "--save", str(folder)) as process:
        port = re.search(r":(\d+)/", process.stderr.readline())
        assert port
        folder.rmdir()
        url = f"http://127.0.0.1:{port[1]}/"
        codes = [requests.post(url, data=b"{}", timeout=10).status_code for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (codes, len(out.splitlines()), process.returncode) == ([401] * 3, 3, 0)
    assert err.splitlines() == [
        f"warning: cannot save to {folder}: no such file or directory; flowsim continues",
        "stopped",
        "warning: 3 requests could not be saved",
    ]


def test_an_event_code_that_a_family_takes_over_is_warned_of(tmp_path: Path) -> None:
    folder = own_families(tmp_path)
    said = take_over(folder, "audit_events_info")
    with Forked("receive", "--port", "0", "--families", str(folder)) as process:
        first, ready = process.stderr.readline(), process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert (first, ready[:9]) == (f"{said}\n", "webhook: ")
