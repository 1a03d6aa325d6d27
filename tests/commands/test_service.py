"""What all commands share that call a running service."""

from __future__ import annotations

import json
import shlex
import socket
from collections.abc import Callable

import pytest
from click.testing import Result

from ..webhook import Answer, Webhook, status
from .serving import Serving

Flowsim = Callable[..., Result]

CALLS = (
    "status",
    "registrations",
    "registrations challenge e50438b5",
    "trigger partial",
    "register --journal",
    "traces",
    "journal",
    "advance 1h",
    "env",
    "redeliver 933cf9f4-6f5c-4e7a-9d25-f7c80d4a0f4e",
)


@pytest.fixture
def unused() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize("call", CALLS)
def test_a_missing_service_is_reported_in_one_sentence(
    flowsim: Flowsim, call: str, unused: str
) -> None:
    result = flowsim(*call.split(), "--service", unused)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: no events service answers at http://{unused}: nothing listens there; "
        f"start one with flowsim up --port {unused.rpartition(':')[2]}\n"
    )


@pytest.mark.parametrize("answer", [status(404, "<html>"), status(200), status(200, "{}")])
@pytest.mark.parametrize("call", CALLS)
def test_another_server_is_reported_in_one_sentence(
    flowsim: Flowsim, call: str, answer: Answer
) -> None:
    """A webhook may answer 200 to any request."""
    with Webhook([answer]) as server:
        result = flowsim(*call.split(), "--service", server.port)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: http://127.0.0.1:{server.port} answers, but not as")
    assert result.stderr.count("\n") == 1


def test_the_default_service_is_on_port_4010(flowsim: Flowsim) -> None:
    help_text = " ".join(flowsim("status", "--help").stdout.split())
    assert "env var: FLOWSIM_SERVICE; default: http://127.0.0.1:4010" in help_text


def test_an_invalid_address_is_a_mistake(flowsim: Flowsim) -> None:
    result = flowsim("status", "--service", "ftp://here")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "its scheme is ftp, not http or https" in result.stderr


# Which registration is meant


def test_the_only_registration_need_not_be_named(serving: Serving) -> None:
    assert "flowsim register --webhook 3000" in serving.refuses("traces")
    serving.register(webhook=None)
    assert serving.says("traces") == ["no attempts"]


def test_one_of_several_is_named_by_its_id_or_its_name(serving: Serving) -> None:
    one = serving.register("one", webhook=None)
    two = serving.register("two", webhook=None)
    choice = f"{one.registration_id[:8]} (one), {two.registration_id[:8]} (two)"
    result = serving.refuses("traces")
    assert result == f"error: several registrations; name one with --registration: {choice}\n"
    for name in ("one", one.registration_id, one.registration_id[:6], one.registration_id.upper()):
        assert serving.says("traces", "--registration", name) == ["no attempts"]
    for name in ("three", one.registration_id[:3]):
        result = serving.refuses("traces", "--registration", name)
        assert result == f"error: no registration {name!r}; expected one of {choice}\n"


def test_a_full_name_wins_over_the_beginning_of_an_id(serving: Serving) -> None:
    one = serving.register("one", webhook=None)
    serving.register(one.registration_id[:8], webhook=None, delivery_type="aws_eventbridge")
    (line,) = serving.says("registrations", "show", one.registration_id[:8], "--json")
    assert json.loads(line)["name"] == one.registration_id[:8]
    (line,) = serving.says("registrations", "show", one.registration_id[:9], "--json")
    assert json.loads(line)["name"] == "one"


def test_an_ambiguous_beginning_lists_the_full_ids(serving: Serving) -> None:
    ids = [f"aaaaaaaa-{number}000-4000-8000-000000000000" for number in range(2)]
    for number, id_ in enumerate(ids):
        serving.register(f"number {number}", webhook=None, registration_id=id_)
    result = serving.refuses("traces", "--registration", "aaaaaaaa")
    choice = f"{ids[0]} (number 0), {ids[1]} (number 1)"
    assert result == f"error: more than one registration 'aaaaaaaa': {choice}\n"


def test_of_many_registrations_a_few_are_named(serving: Serving) -> None:
    for number in range(40):
        serving.register(f"number {number}", webhook=None)
    for result in (serving.refuses("traces"), serving.refuses("traces", "--registration", "x")):
        assert "(number 4) and 35 more; flowsim registrations lists them" in result
        assert "number 5" not in result
    *rows, more = serving.says("status")
    assert more == "… and 10 more: flowsim registrations"
    assert "number 29" in rows[-1]
    (_, line, _) = serving.says("trigger", "partial")
    assert "→ number 0, number 1, number 2, number 3, number 4 and 35 more" in line


def test_next_commands_call_the_service_that_was_named(
    serving: Serving, flowsim: Flowsim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FLOWSIM_SERVICE")
    serving.register("one", webhook=None)
    place = ("--service", serving.local.url.removeprefix("http://127.0.0.1:"))
    assert flowsim("trigger", "partial", *place).exit_code == 0
    *_, line = flowsim("journal", *place).stdout.splitlines()
    words = shlex.split(line.removeprefix("next: flowsim "))
    assert flowsim(*words).stdout == "no events\n"
