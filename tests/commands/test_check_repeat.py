"""The line ``again`` of a check: it has the options that the check depends on, each word exact."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

import click
from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks.repeating import OF_DATA, command_of
from flowsim.commands import main
from flowsim.commands._check_repeat import _REPEATED, given_options
from flowsim.commands.check import command
from flowsim.core import duration
from flowsim.core.targets import parse_target

from ..reports.findings import findings, refused

TEXTS = st.text(st.sampled_from("ab1 -'\"$\\`&;|*?{}()#~=%é,:/@."), min_size=1)
PORTS = st.integers(0, 65_535).map(str)
TIMES = st.floats(0, duration.LONGEST).map(duration.exact)
ADDRESSES = [
    "3000/{}",
    "http://127.0.0.1:3000/x?id={}",
    "http://localhost:3000/it's/{}",
    "https://host/$(x)/{}",
]
VALUES: dict[str, st.SearchStrategy[str]] = {
    "client_id": TEXTS,
    "own": TEXTS | st.just("http://127.0.0.1:3000/checks.yaml"),
    "families": TEXTS | st.just("http://127.0.0.1:3000"),
    "delivery_format": st.sampled_from(["adobe_io", "cloud_events"]),
    "event": TEXTS,
    "keys_port": PORTS,
    "tls_port": PORTS,
    "proxy_port": PORTS,
    "host": TEXTS,
    "names": st.sampled_from(["consumer", "a.example"]),
    "cacert": TEXTS | st.just("http://127.0.0.1:3000/"),
    "insecure": st.just(""),
    "thorough": st.just(""),
    "time_limit": TIMES,
    "processed": st.sampled_from(ADDRESSES).map(lambda text: text.replace("{}", "{event_id}")),
    "processed_command": TEXTS | st.just("http://127.0.0.1:3000/ {event_id}"),
    "state": st.sampled_from(ADDRESSES).map(lambda text: text.replace("{}", "{run_id}")),
    "state_command": TEXTS,
    "settle": TIMES,
    "ignores": TEXTS,
    "restart": TEXTS | st.just("http://127.0.0.1:3000/restart"),
}
"""Parameter → what a user may type; the texts of addresses are shortened nowhere else."""

PARAMETERS = {param.name: param for param in command.params}


def words_of(name: str, typed: Sequence[str]) -> list[str]:
    option = max(PARAMETERS[name].opts, key=len)
    return [part for each in typed for part in ([option, each] if each else [option])]


def read(words: list[str]) -> click.Context:
    """Parse below the parent of the command: it keeps the option of its first help for good."""
    parent = click.Context(main, **main.context_settings)
    return command.make_context("check", list(words), parent)


def meaning(name: str, value: object) -> object:
    if name in ("processed", "state") and value is not None:
        return parse_target(str(value).replace("{", "").replace("}", ""))
    return value


@given(
    st.fixed_dictionaries(
        {}, optional={name: st.lists(each, min_size=1, max_size=2) for name, each in VALUES.items()}
    )
)
def test_the_line_again_gives_the_check_each_option_as_it_was_typed(
    typed: dict[str, list[str]],
) -> None:
    words = [word for name, each in typed.items() for word in words_of(name, each)]
    before = read(["3000", *words])
    stateful = replace(refused(), lost=("an-id",))
    stateful = replace(stateful, check=replace(stateful.check, file="own.yaml"))
    seen = replace(findings(), options=given_options(before))
    line = command_of(seen, stateful)
    assert line.isprintable()
    _, _, *again = shlex.split(line)
    after = read(again)
    for name in VALUES:
        assert meaning(name, after.params[name]) == meaning(name, before.params[name])


def test_every_option_that_is_repeated_is_one_of_the_command() -> None:
    assert {*VALUES} == _REPEATED <= {*PARAMETERS}
    assert OF_DATA < _REPEATED
