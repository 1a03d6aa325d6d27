"""What all commands share that call a running service."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from click.testing import Result

from ..webhook import Answer, Webhook, status
from .serving import Serving

Flowsim = Callable[..., Result]

CALLS = (
    "status",
    "trigger partial",
    "register --journal",
    "traces",
    "journal",
    "advance 1h",
    "env",
    "redeliver 933cf9f4-6f5c-4e7a-9d25-f7c80d4a0f4e",
)


@pytest.fixture
def nobody() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize("call", CALLS)
def test_no_service_is_said_in_one_sentence(flowsim: Flowsim, call: str, nobody: str) -> None:
    result = flowsim(*call.split(), "--service", nobody)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: no events service answers at http://{nobody}: nobody listens; "
        "start one with flowsim up\n"
    )


@pytest.mark.parametrize("answer", [status(404, "<html>"), status(200), status(200, "{}")])
@pytest.mark.parametrize("call", CALLS)
def test_another_server_is_said_in_one_sentence(
    flowsim: Flowsim, call: str, answer: Answer
) -> None:
    """A webhook may answer 200 to whatever it is asked."""
    with Webhook([answer]) as server:
        result = flowsim(*call.split(), "--service", server.port)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: http://127.0.0.1:{server.port} answers, but not as")
    assert result.stderr.count("\n") == 1


def test_the_default_service_is_on_port_4010(flowsim: Flowsim) -> None:
    help_text = " ".join(flowsim("status", "--help").stdout.split())
    assert "env var: FLOWSIM_SERVICE; default: http://127.0.0.1:4010" in help_text


def test_an_address_that_is_none_is_a_mistake(flowsim: Flowsim) -> None:
    result = flowsim("status", "--service", "ftp://here")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "its scheme is ftp, not http or https" in result.stderr


# Which registration is meant


def test_the_only_registration_need_not_be_named(serving: Serving) -> None:
    assert "flowsim register --webhook URL" in serving.refuses("traces")
    serving.register(webhook=None)
    assert serving.says("traces") == ["no attempts"]


def test_one_of_several_is_named_by_its_id_or_its_name(serving: Serving) -> None:
    one = serving.register("one", webhook=None)
    two = serving.register("two", webhook=None)
    choice = f"{one.registration_id[:8]} (one), {two.registration_id[:8]} (two)"
    told = serving.refuses("traces")
    assert told == f"error: several registrations; name one with --registration: {choice}\n"
    for name in ("one", one.registration_id, one.registration_id[:6], one.registration_id.upper()):
        assert serving.says("traces", "--registration", name) == ["no attempts"]
    for name in ("three", one.registration_id[:3]):
        told = serving.refuses("traces", "--registration", name)
        assert told == f"error: no registration {name!r}; expected one of {choice}\n"
